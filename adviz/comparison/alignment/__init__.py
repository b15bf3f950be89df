"""The derivative that SymPy writes and the one that reverse mode computes, node by node."""
