"""Forward, reverse and symbolic mode: where a graph is evaluated, and by which sweeps.

To be read in this order: `point` (where, and in which numbers), `evaluation` (the values), `sweep`
(forward and reverse mode, once for every use), `domains` and `trace` (what may go wrong; a finished
sweep), `run` and `verbs` (what `evaluate`, `forward` and `reverse` do), `derivative_graph` (the same
sweep in nodes), `sympy_partials`, `assignments` and `symbolic` (SymPy's derivatives), and `fast`
(sweeps whose steps nobody looks at).
"""
