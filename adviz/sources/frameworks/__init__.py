"""Graphs from JAX and PyTorch: what the frameworks trace by themselves, read into rows."""
