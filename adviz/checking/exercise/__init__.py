"""A formula as an exercise: a sheet with blanks, its key, and what a wrong number tells."""
