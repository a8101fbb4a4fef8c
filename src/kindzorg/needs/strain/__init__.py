"""How much rests on one of the family and how much that one can carry, over time, as the person tells of itself."""
