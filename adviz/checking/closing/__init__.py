"""How a film ends: what its sweeps have found, held against the truth."""
