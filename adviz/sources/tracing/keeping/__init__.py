"""What NumPy's functions do to traced arrays that stay arrays: rows applied to whole arrays."""
