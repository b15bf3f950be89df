"""Where a function is judged: points drawn, points for every branch, and what a point is like."""
