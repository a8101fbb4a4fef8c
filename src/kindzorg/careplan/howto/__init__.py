"""How-to cards (werkkaarten): how an act is done with this child, in steps, and who has seen and understood them."""
