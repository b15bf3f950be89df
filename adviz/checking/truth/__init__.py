"""What a derivative is, to thirty digits, and how far rounding carries a computed one."""
