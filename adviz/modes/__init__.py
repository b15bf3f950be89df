"""Forward, reverse and symbolic mode: where a graph is evaluated, by which sweeps."""
