"""Derivatives accumulated in any order: vertices of the linearized graph are eliminated."""
