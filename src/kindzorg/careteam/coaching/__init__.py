"""Offering a care coach to the family, and what the family says to it."""
