"""Which derivatives are always 0, and how few sweeps compute the others."""
