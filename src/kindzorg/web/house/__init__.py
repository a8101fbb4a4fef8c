"""The pages on which an organisation makes the product its own: its texts and its style."""
