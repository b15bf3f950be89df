"""Derivatives as numbers, at one point and at many."""
