"""What the records are, and the rules on them: no I/O, no clock, no Qt, no SQL."""
