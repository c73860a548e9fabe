"""Adapter: the windows."""
