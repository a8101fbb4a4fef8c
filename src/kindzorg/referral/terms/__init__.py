"""Until when the payer's decision for what was kept holds: recorded, reminded of, and over."""
