"""The names of roles on screen."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role
from kindzorg.core.vocabulary import Audience

ROLES = {
    Role.CHILD: _("the child"),
    Role.YOUNG_PERSON: _("the young person"),
    Role.AUTHORITY_HOLDER: _("parent or guardian"),
    Role.PARENT_WITHOUT_AUTHORITY: _("parent without authority"),
    Role.REPRESENTATIVE: _("representative"),
    Role.RELATIVE: _("relative"),
    Role.PAID_HELPER: _("paid helper"),
    Role.PAEDIATRIC_NURSE: _("paediatric nurse"),
    Role.LEVEL5_NURSE: _("paediatric nurse, level 5"),
    Role.PAEDIATRICIAN: _("paediatrician"),
    Role.GP: _("general practitioner"),
    Role.CARE_COACH: _("care coach"),
    Role.COORDINATOR: _("overarching coordinator"),
    Role.CASE_MANAGER: _("case manager"),
    Role.THERAPIST: _("therapist"),
    Role.SCHOOL: _("school"),
    Role.MUNICIPALITY: _("municipality"),
    Role.YOUTH_CARE: _("youth care"),
    Role.EMERGENCY_CARER: _("carer in an emergency"),
    Role.NETWORK_COORDINATOR: _("coordinator of the regional network"),
    Role.TEAM_LEAD: _("team lead"),
    Role.AUDITOR: _("auditor"),
    Role.PRIVACY_OFFICER: _("privacy officer"),
    Role.APPLICATION_MANAGER: _("application manager"),
    Role.EMPLOYEE: _("employee"),
    Role.SYSTEM: _("automatic"),
}


def role_name(role: str) -> str:
    """The name of a role for a person; empty for none."""
    return gettext(str(ROLES[Role(role)])) if role in set(Role) else ""


def reads_as(actor: Actor | None) -> Audience:
    """How somebody reads a page that is about no child in particular: as the child, as family, or at work.

    Who is not signed in reads as family does.
    """
    roles = [one.role for one in actor.grants] if actor else []
    if Role.CHILD in roles:
        return Audience.CHILD
    return Audience.PARENT if all(policy.is_family(role) for role in roles) else Audience.PROFESSIONAL
