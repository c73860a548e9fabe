"""Adapter: the encrypted SQLite file of one workspace."""
