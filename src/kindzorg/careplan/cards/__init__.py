"""The emergency card (noodkaart): who may look at it without signing in, by a secret in a square code, until when."""
