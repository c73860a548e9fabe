"""Adapter: the HTTP road to the province."""
