"""The words that every room shares. Stored values are plain English words; Dutch stands in the glossary."""

from enum import StrEnum


class LifeDomain(StrEnum):
    """The four child life domains (kinderleefdomeinen) over which needs and plan are ordered."""

    MEDICAL = "medical"
    DEVELOPMENT = "development"
    SOCIAL = "social"
    SAFETY = "safety"


class Law(StrEnum):
    """The laws under which care for a child outside hospital can fall (zorgwet)."""

    ZVW = "zvw"
    WLZ = "wlz"
    JEUGDWET = "jeugdwet"
    WMO = "wmo"
    EDUCATION = "education"


class Ground(StrEnum):
    """The legal ground of an item in the file (grondslag): it decides who consents and who may look.

    Source: the matrix of consent by ground (BW 7:447-465, Jeugdwet 7.3, Wabvpz 15a-15g, Wmo 5.3, UAVG 5, WPO 40a).
    """

    WGBO = "wgbo"
    JEUGDWET = "jeugdwet"
    WABVPZ = "wabvpz"
    WMO = "wmo"
    AVG = "avg"
    SCHOOL = "school"


class Audience(StrEnum):
    """For whom a text is written. A missing text falls back to the right: child, parent, professional."""

    CHILD = "child"
    PARENT = "parent"
    PROFESSIONAL = "professional"


class Truth(StrEnum):
    """Three-valued answer to a question of fact: "not known" is an answer, not a gap."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
