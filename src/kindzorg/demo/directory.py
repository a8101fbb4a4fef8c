"""The regions, organisations and professionals of the demo: made by the system's actor, known by their key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction

from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.actions import grant_access
from kindzorg.core.walls import behind_wall
from kindzorg.demo import days
from kindzorg.people import actions
from kindzorg.people.models import Organisation, Professional, Region, User
from kindzorg.people.rules import OrganisationKind, Qualification

HERE = Path(__file__).parent
SYSTEM = system_actor("demo")


def read(path: Path) -> Mapping[str, Any]:
    """A YAML file of the demo."""
    loaded: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


@dataclass
class Directory:
    """What the families refer to, by the keys of the YAML."""

    today: date
    regions: dict[str, UUID] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)
    professionals: dict[str, UUID] = field(default_factory=dict)

    def moment(self, words: str) -> datetime:
        """The moment that words such as `-40d 10:15` name."""
        return days.moment(words, self.today)

    def user(self, username: str) -> User:
        """The account of somebody in the demo."""
        return User.objects.get(username=username)

    def add_user(self, username: str, name: str, now: datetime) -> User:
        """The account, made if it is not there. Accounts read Dutch, whatever language somebody speaks."""
        found = User.objects.filter(username=username).first()
        return found or actions.register_user(SYSTEM, username, name, now)


def load_directory(today: date) -> Directory:
    """Everybody who works somewhere. What is there already stays as it is."""
    listed = read(HERE / "directory.yaml")
    known = Directory(today)
    now = known.moment(listed["at"])
    with transaction.atomic(), behind_wall(SYSTEM.id, now.date(), system=True):
        for key, name in listed["regions"].items():
            region = Region.objects.filter(name=name).first() or actions.register_region(SYSTEM, name, now)
            known.regions[key] = region.id
        for key, one in listed["organisations"].items():
            known.organisations[key] = _organisation(known, one, now)
        for username, one in listed["people"].items():
            known.professionals[username] = _professional(known, username, one, now)
    return known


def _organisation(known: Directory, one: Mapping[str, Any], now: datetime) -> UUID:
    region_id = known.regions[one["region"]]
    found = Organisation.objects.filter(name=one["name"], region_id=region_id).first()
    return (
        found
        or actions.register_organisation(
            SYSTEM,
            one["name"],
            OrganisationKind(one["kind"]),
            region_id,
            now,
            phone=one["phone"],
            reply_time=one["reply_time"],
        )
    ).id


def _professional(known: Directory, username: str, one: Mapping[str, Any], now: datetime) -> UUID:
    if found := Professional.objects.filter(user__username=username).first():
        return found.id
    user = known.add_user(username, one["name"], now)
    new = actions.NewProfessional(
        one["name"],
        known.organisations[one["at"]],
        Qualification(one["qualification"]),
        user.id,
        one["discipline"],
        one.get("phone", ""),
    )
    for role, over in one.get("over", {}).items():
        scope, _, region = over.partition(" ")
        ids = {Scope.ORGANISATION: known.organisations[one["at"]], Scope.NETWORK: known.regions.get(region)}
        grant_access(SYSTEM, user.id, Role(role), Scope(scope), ids.get(Scope(scope)), now)
    return actions.register_professional(SYSTEM, new, now).id
