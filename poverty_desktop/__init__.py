"""Offline-first field program for poverty reduction in the communes of Quang Ngai, Viet Nam."""

__version__ = "0.1.0"
