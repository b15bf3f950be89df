"""Published collections of objective functions, traced and compared with themselves."""
