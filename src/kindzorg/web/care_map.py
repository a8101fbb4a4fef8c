"""Everyone around the child in one picture: family, care at home, hospital, school, municipality, others."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from kindzorg.access.roles import Role
from kindzorg.careteam.queries import open_child
from kindzorg.core.texts import text
from kindzorg.journey.views import child_frame
from kindzorg.people.rules import OrganisationKind
from kindzorg.web.rings import Group, Person, draw
from kindzorg.web.team import people_of


class Around(StrEnum):
    """The groups around a child, from near to far."""

    FAMILY = "family"
    HOME = "home"
    HOSPITAL = "hospital"
    SCHOOL = "school"
    MUNICIPALITY = "municipality"
    OTHERS = "others"


# What somebody comes for tells more than for whom he works.
BY_ROLE = {
    Role.AUTHORITY_HOLDER: Around.FAMILY,
    Role.PARENT_WITHOUT_AUTHORITY: Around.FAMILY,
    Role.RELATIVE: Around.FAMILY,
    Role.PAID_HELPER: Around.HOME,
    Role.SCHOOL: Around.SCHOOL,
    Role.MUNICIPALITY: Around.MUNICIPALITY,
    Role.YOUTH_CARE: Around.MUNICIPALITY,
}
BY_HOUSE = {
    OrganisationKind.HOSPITAL: Around.HOSPITAL,
    OrganisationKind.HOME_CARE: Around.HOME,
    OrganisationKind.DAY_CARE: Around.HOME,
    OrganisationKind.SCHOOL: Around.SCHOOL,
    OrganisationKind.MUNICIPALITY: Around.MUNICIPALITY,
    OrganisationKind.YOUTH_CARE: Around.MUNICIPALITY,
}


def group_of(role: str, house: str) -> Around:
    """In which ring somebody stands, by role and by what kind of organisation he works for."""
    return BY_ROLE.get(Role(role)) or BY_HOUSE.get(OrganisationKind(house) if house else None, Around.OTHERS)  # type: ignore[arg-type]


def child_map(request: Any, child_id: UUID) -> HttpResponse:
    """The map, and the same as a list."""
    opened = open_child(request.actor, child_id, "team.read", "team.read", request.now)
    groups = groups_of(people_of(request, opened), opened.audience)
    context = {
        **child_frame(request, opened, "child_team"),
        "t": {key: say(key, opened.audience, opened.child.given_name) for key in ("title", "lead", "list")},
        "groups": groups,
        "drawing": draw(groups),
    }
    return render(request, "web/care_map.html", context)


def groups_of(people: Iterable[dict[str, Any]], audience: str) -> Sequence[Group]:
    """Everybody in the own group; who leads or coordinates first, and marked."""
    found: dict[Around, list[Person]] = {one: [] for one in Around}
    for one in people:
        strong = one["leads"] or one["role_code"] == Role.COORDINATOR
        role = gettext("coordinates the care") if one["leads"] else one["role_name"]
        found[group_of(one["role_code"], one["house"])].append(Person(one, one["name"], role, strong))
    return [
        Group(str(key), say(key, audience), sorted(found[key], key=lambda one: not one.strong))
        for key in Around
        if found[key]
    ]


def say(key: str, audience: str, name: str = "") -> str:
    """A text of this page for this reader."""
    return text(f"web.care_map.{key}", audience, (get_language() or "nl")[:2]).format(name=name)
