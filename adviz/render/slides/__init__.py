"""A film as what is read or shown step by step: decks of slides, and a text."""
