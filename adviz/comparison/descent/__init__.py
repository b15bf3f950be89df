"""The gradient at work: gradient descent on a loss, step by step."""
