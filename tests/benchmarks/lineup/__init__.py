"""Who is measured beside adviz, on what work, and how it is told: the parts of `peers.py`."""
