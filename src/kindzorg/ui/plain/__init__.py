"""Plain language: what makes a Dutch text hard to read, and what the hard words mean."""
