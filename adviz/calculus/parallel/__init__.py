"""Very many points or formulas: what one chunk of them is, and who computes it."""
