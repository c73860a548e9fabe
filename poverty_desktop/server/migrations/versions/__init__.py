"""Schema changes of the province, oldest first; a revision is frozen on the day it is written."""
