"""Item models over pages of lines."""
