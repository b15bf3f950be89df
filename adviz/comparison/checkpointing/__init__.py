"""Reverse mode along a chain in bounded memory: states are kept, and steps are run again."""
