"""Hand-written derivatives of other people's functions of arrays, against the function itself."""
