"""What the family wants to reach or keep, in their own words, on five steps of their own."""
