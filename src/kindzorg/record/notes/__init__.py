"""What people write down about the child, of the family itself, and what is restricted to a few professionals."""
