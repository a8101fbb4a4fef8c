"""The door: signing in, the second step, what is kept of an account, and the end of a session."""
