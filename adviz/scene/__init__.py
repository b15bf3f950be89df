"""A film before it is drawn: what is shown when, what is said, and where everything stands."""
