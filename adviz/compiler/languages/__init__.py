"""Programs written in languages: a table of forms each, and the frame around the statements."""
