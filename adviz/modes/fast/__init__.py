"""The sweeps without a trace, for who needs only their numbers."""
