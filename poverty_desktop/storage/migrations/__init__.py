"""Migrations of the laptop's file. Scripts in `versions` are frozen on the day they are written."""
