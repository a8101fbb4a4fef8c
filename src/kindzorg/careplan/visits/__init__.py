"""Visits: who is with the child, where, doing what, how they come back, and what is different this time."""
