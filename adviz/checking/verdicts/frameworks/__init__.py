"""Gradients of other people's frameworks: recognised unimported, asked in their own arrays."""
