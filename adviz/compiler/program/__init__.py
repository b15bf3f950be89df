"""A derivative as a straight-line program: data, its kinds, and how it grows and shrinks."""
