"""What national-scale data are made of: rows in bulk, an invented country, invented plans."""
