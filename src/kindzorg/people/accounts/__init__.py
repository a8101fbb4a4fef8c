"""Accounts: how somebody signs in, how sure that makes it, and what is kept of it."""
