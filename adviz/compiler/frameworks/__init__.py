"""Programs in the frameworks of others, which differentiate, compile and batch them themselves."""
