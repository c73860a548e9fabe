"""Alembic environment of the province."""
