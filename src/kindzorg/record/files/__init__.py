"""Photos and documents of a child: what may come in, how it is kept, and what hangs on them elsewhere."""
