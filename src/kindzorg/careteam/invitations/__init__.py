"""Coming in: who may invite whom, by a link that works once, and who may end whose part."""
