"""What a figure says of itself: its formula, point, versions, and digests of what it shows."""
