"""Learning to do the care oneself: from shown, together and alone to teaching others, and one's own word about it."""
