"""Who holds authority, what a court forbids, whether the child can decide, and what it put in writing."""
