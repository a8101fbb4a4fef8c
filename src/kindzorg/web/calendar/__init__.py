"""Somebody's own calendar: the page on which it is made, and what a telephone fetches."""
