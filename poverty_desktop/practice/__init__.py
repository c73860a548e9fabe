"""A synthetic commune to learn and to test on, with a province of its own on this machine."""
