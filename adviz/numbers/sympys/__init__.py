"""What SymPy leaves undone, refuses, asks too much about or gets wrong, and what stands for it."""
