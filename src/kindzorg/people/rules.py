"""Who somebody can be. Pure."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is in the care for a child. There is no insurer: it gets no access (Wabvpz 15f)."""

    HOSPITAL = "hospital"
    HOME_CARE = "home_care"
    DAY_CARE = "day_care"
    GP_PRACTICE = "gp_practice"
    THERAPY = "therapy"
    SCHOOL = "school"
    MUNICIPALITY = "municipality"
    YOUTH_CARE = "youth_care"
    NETWORK = "network"
    ADULT_CARE = "adult_care"


class Relation(StrEnum):
    """How a relative stands to the child. A relation is no right: authority and access are kept apart."""

    MOTHER = "mother"
    FATHER = "father"
    STEP_PARENT = "step_parent"
    FOSTER_PARENT = "foster_parent"
    GUARDIAN = "guardian"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    OTHER = "other"


class Qualification(StrEnum):
    """What a professional is qualified as; conditions 8 and 9 of the quality frame ask it."""

    LEVEL5_PAEDIATRIC_NURSE = "level5_paediatric_nurse"
    NURSE_SPECIALIST = "nurse_specialist"
    PAEDIATRIC_NURSE = "paediatric_nurse"
    NURSE = "nurse"
    PAEDIATRICIAN = "paediatrician"
    MEDICAL_SPECIALIST = "medical_specialist"
    GP = "gp"
    THERAPIST = "therapist"
    SOCIAL_WORKER = "social_worker"
    TEACHER = "teacher"
    OFFICIAL = "official"
    NONE = "none"


def is_bsn(number: str) -> bool:
    """Whether nine digits pass the eleven-test of the citizen service number (Wet algemene bepalingen bsn)."""
    if len(number) != 9 or not (number.isascii() and number.isdecimal()) or number == "000000000":
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0
