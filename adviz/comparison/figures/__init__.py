"""Curves of cost and of error: what they show, and how matplotlib paints them."""
