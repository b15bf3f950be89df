"""Forward, reverse and symbolic mode: where a graph is evaluated, and by which sweeps.

To be read in this order:

- `point`: where, and in which numbers; `evaluation`: the values.
- `linear` and `sweep`: the graph linearized at the point; forward and reverse mode, once for every
  use.
- `domains` and `trace`: what may go wrong at a point; a finished sweep.
- `building` and `verification`: what `adviz.build` does; whether the graph of a callable is the
  callable, within its `rounding`, at points of its inputs' `habitats`.
- `run` and `verbs`: what `adviz.evaluate`, `forward` and `reverse` do. (`adviz.gradient` and its
  kin, products and second derivatives, are numbers made of these: the room `calculus`.)
- `series`, `expansion` and `second_order`: Taylor coefficients along a line, by the same partials;
  reverse mode differentiated.
- `derivative_graph`: the same sweep in nodes; a derivative of a graph is a graph.
- `sympy_partials`, `assignments`, `symbolic`: SymPy's derivatives: of each primitive, chained along
  the graph, and of the whole expression.
- `fast`: sweeps whose steps nobody looks at.
"""
