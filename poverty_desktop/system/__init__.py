"""Adapter: folders, clock, logs, single instance, resources of the machine."""
