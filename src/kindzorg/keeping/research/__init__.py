"""Objection to being counted for research, and who may be counted."""
