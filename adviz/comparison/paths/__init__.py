"""The derivative as a sum over all paths, beside the one sweep that gives the same number."""
