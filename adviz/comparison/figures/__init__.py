"""Curves of what was counted and measured, by matplotlib."""
