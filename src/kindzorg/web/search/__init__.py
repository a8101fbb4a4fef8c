"""Searching all that somebody may read of a child: read with the access of now, compared in memory, kept nowhere."""
