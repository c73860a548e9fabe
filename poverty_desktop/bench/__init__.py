"""Figures with their denominators, measured in one run."""
