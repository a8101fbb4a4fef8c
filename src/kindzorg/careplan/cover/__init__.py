"""What the child needs around the clock, which hours nobody covers, and who is asked to."""
