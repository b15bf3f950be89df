"""Figures verified: whether the numbers in a file are still true."""
