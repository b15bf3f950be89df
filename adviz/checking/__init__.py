"""What `check` knows: truth, rounding, points, claims, witnesses, likely mistakes, verdicts."""
