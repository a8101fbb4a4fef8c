"""The multidisciplinary meeting: its agenda, who is there, what was said and decided, and the time that it takes."""
