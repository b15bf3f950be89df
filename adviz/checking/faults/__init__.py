"""Broken AD: reverse mode in parts, the gallery of broken parts, and their film."""
