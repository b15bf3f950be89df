"""Python callables followed: traced values, and what stands in for math and NumPy around them."""
