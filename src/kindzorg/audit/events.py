"""The words of the trail: what NEN 7513 asks to tell apart. How they map to AuditEvent: docs/trail.md."""

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


class Purpose(StrEnum):
    """What somebody came for: it follows from the role in which they met the child."""

    CARE = "care"
    OWN_FILE = "own_file"
    SCHOOL = "school"
    SUPPORT = "support"
    OVERSIGHT = "oversight"
    UPKEEP = "upkeep"
    EMERGENCY = "emergency"


class Lifecycle(StrEnum):
    """What happened to the thing itself: a copy on paper is another matter than a look at the screen."""

    MADE = "made"
    TAKEN_IN = "taken_in"
    CHANGED = "changed"
    USED = "used"
    PRINTED = "printed"
    EXPORTED = "exported"
    REMOVED = "removed"
    DESTROYED = "destroyed"


class AccessPoint(StrEnum):
    """From where it was done: over the network, or by a program on the machine itself."""

    ADDRESS = "address"
    MACHINE = "machine"
