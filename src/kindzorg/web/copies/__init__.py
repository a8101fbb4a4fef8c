"""Everything about a child as one file for the family: what its pages show that reader, to read and as data."""
