"""The roles in which a person meets a child's file."""

from enum import StrEnum


class Role(StrEnum):
    """A role is held per child, organisation or network; one person can hold several."""

    CHILD = "child"
    YOUNG_PERSON = "young_person"
    AUTHORITY_HOLDER = "authority_holder"
    PARENT_WITHOUT_AUTHORITY = "parent_without_authority"
    REPRESENTATIVE = "representative"
    RELATIVE = "relative"
    PAID_HELPER = "paid_helper"
    PAEDIATRIC_NURSE = "paediatric_nurse"
    LEVEL5_NURSE = "level5_nurse"
    PAEDIATRICIAN = "paediatrician"
    GP = "gp"
    CARE_COACH = "care_coach"
    COORDINATOR = "coordinator"
    CASE_MANAGER = "case_manager"
    THERAPIST = "therapist"
    SCHOOL = "school"
    MUNICIPALITY = "municipality"
    YOUTH_CARE = "youth_care"
    EMERGENCY_CARER = "emergency_carer"
    NETWORK_COORDINATOR = "network_coordinator"
    TEAM_LEAD = "team_lead"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"
    APPLICATION_MANAGER = "application_manager"
    EMPLOYEE = "employee"
    SYSTEM = "system"


FAMILY = frozenset(
    {
        Role.CHILD,
        Role.YOUNG_PERSON,
        Role.AUTHORITY_HOLDER,
        Role.PARENT_WITHOUT_AUTHORITY,
        Role.REPRESENTATIVE,
        Role.RELATIVE,
    }
)


class Scope(StrEnum):
    """Over what a grant reaches. One row per grant: an organisation is never expanded to its children."""

    CHILD = "child"
    ORGANISATION = "organisation"
    NETWORK = "network"
    INSTALLATION = "installation"


class Hat(StrEnum):
    """In which quality somebody who is both acts now: one at a time, never a mix (a nurse is also a mother)."""

    FAMILY = "family"
    PROFESSIONAL = "professional"


def hat_of(role: Role) -> Hat:
    """The hat that goes with a role."""
    return Hat.FAMILY if role in FAMILY else Hat.PROFESSIONAL
