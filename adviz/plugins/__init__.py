"""adviz inside other programs."""
