"""Adapter: spreadsheets and prints."""
