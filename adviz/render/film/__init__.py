"""A film step by step as frames of one size, for every medium that shows it outside of a page."""
