"""Programs that differentiate: a graph's derivative as straight-line code, in several languages."""
