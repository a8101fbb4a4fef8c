"""Preparing for a procedure ("Dit gaat er gebeuren"): what happens, step by step, and how the child wants it."""
