"""The names of what can happen. NEN 7513: read, add, change, delete, copy, print, search, and the log itself."""

from enum import StrEnum


class Kind(StrEnum):
    """The NEN 7513 action code of a line."""

    CREATE = "C"
    READ = "R"
    UPDATE = "U"
    DELETE = "D"
    EXECUTE = "E"


class Outcome(StrEnum):
    """Whether it was done or refused."""

    DONE = "done"
    REFUSED = "refused"
