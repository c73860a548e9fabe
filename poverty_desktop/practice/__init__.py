"""A province of its own on this machine, for practice and for proofs; the laptop program itself never contains one."""
