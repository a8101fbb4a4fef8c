"""Correction and deletion that the family asks for: who may, who decides, until when, and what then becomes of it."""
