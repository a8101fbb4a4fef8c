"""The plan, its versions, and the one draft in which content changes."""
