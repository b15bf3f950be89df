"""What is said about a derivative: at one point, of a claimed number, and of the worst of all."""
