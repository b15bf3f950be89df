"""What is computed: the graph, how it grows, how it is written and stored."""
