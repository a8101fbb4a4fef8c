"""What an organisation makes its own: how it words a text, and its style."""
