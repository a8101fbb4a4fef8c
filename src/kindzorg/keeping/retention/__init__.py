"""How long files are kept, what holds them longer, and real deletion afterwards."""
