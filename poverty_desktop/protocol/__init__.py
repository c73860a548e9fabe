"""The messages of sync, shared by laptop, hub, stick and province: no I/O, no clock, no randomness of its own."""
