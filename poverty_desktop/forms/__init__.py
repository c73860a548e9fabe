"""Questionnaires: XLSForm or XForm in, what applies, what is wrong and what follows out. No I/O beyond given bytes."""
