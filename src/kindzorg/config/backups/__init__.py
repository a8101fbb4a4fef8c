"""Backups: the database and the files in one archive that says what is in it, and the way back.

Keys never come along: the archive names the keys that it needs, and who restores it must have them.
"""


class Unsound(Exception):
    """Why no backup was made, or nothing was restored: one sentence for who typed the command."""
