"""Pictures and films as artists of matplotlib's, to stand among an author's own plots."""
