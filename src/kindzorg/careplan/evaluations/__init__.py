"""How far a goal is, what the family thinks, and how to go on; the outcome at closing."""
