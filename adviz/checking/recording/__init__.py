"""A backward pass of a framework, recorded as it runs."""
