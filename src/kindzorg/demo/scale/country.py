"""An invented country: regions, organisations and the people who work there, as many as its children need."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from kindzorg.access.policy import opens_children
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.models import Grant
from kindzorg.demo.scale.bulk import Rows, day
from kindzorg.people.models import Organisation, Professional, Region, User
from kindzorg.people.rules import OrganisationKind as Kind
from kindzorg.people.rules import Qualification

REGIONS = 8
CHILDREN_PER_NURSE = 40
GIRLS = (
    "Anouk",
    "Bente",
    "Chloé",
    "Dilara",
    "Elif",
    "Femke",
    "Guusje",
    "Hanne",
    "Isa",
    "Jasmijn",
    "Kaya",
    "Liv",
)
BOYS = ("Abel", "Bram", "Cas", "Deniz", "Emre", "Floris", "Gijs", "Hidde", "Ilyas", "Joris", "Kees", "Luuk")
ADULTS = (
    "Aafke",
    "Bilal",
    "Corrie",
    "Dirk",
    "Esra",
    "Frits",
    "Greet",
    "Hatice",
    "Ivo",
    "Jannie",
    "Karim",
    "Lida",
)
FIRST = (
    "Zilver",
    "Wolken",
    "Mosse",
    "Kwikste",
    "Berke",
    "Duine",
    "Vlinder",
    "Regen",
    "Sterre",
    "Otter",
    "Nevel",
)
LAST = ("dael", "veen", "horst", "woude", "steijn", "kamp", "weerd", "loo", "brink", "gaarde", "meer")
UNUSABLE = "!invented"  # Django: nobody can sign in with a password


@dataclass(frozen=True, slots=True)
class House:
    """An organisation of the invented country."""

    id: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Worker:
    """A professional with an account."""

    user: str
    professional: str
    name: str
    house: House
    role: Role


@dataclass(frozen=True, slots=True)
class Country:
    """Who works where. The first of each kind belongs to the marked child."""

    nurses: tuple[Worker, ...]
    doctors: tuple[Worker, ...]
    gps: tuple[Worker, ...]
    teachers: tuple[Worker, ...]
    officials: tuple[Worker, ...]

    def nurse(self, number: int) -> Worker:
        """Forty children to a nurse, spread over the whole country; who is left over has the last one."""
        full = max(1, len(self.nurses) - 1)
        return self.nurses[number % full if number < full * CHILDREN_PER_NURSE else -1]


# Per kind of worker: the words of the account, of the house and of the work.
CAST = {
    "nurse": ("Kinderthuiszorg", Kind.HOME_CARE, Role.LEVEL5_NURSE, Qualification.LEVEL5_PAEDIATRIC_NURSE),
    "doctor": ("Ziekenhuis", Kind.HOSPITAL, Role.PAEDIATRICIAN, Qualification.PAEDIATRICIAN),
    "gp": ("Huisartsen", Kind.GP_PRACTICE, Role.GP, Qualification.GP),
    "teacher": ("Basisschool", Kind.SCHOOL, Role.SCHOOL, Qualification.TEACHER),
    "official": ("Gemeente", Kind.MUNICIPALITY, Role.MUNICIPALITY, Qualification.OFFICIAL),
    "lead": ("", Kind.HOME_CARE, Role.TEAM_LEAD, Qualification.NURSE),
}


def family_name(random: Random) -> str:
    """An invented family name."""
    return f"{random.choice(FIRST)}{random.choice(LAST)}"


def add_user(rows: Rows, at: int, username: str, name: str) -> str:
    """An account that nobody can sign in to with a password."""
    return rows.add(User, at, username=username, name=name, password=UNUSABLE)


def add_grant(
    rows: Rows, at: int, user: str, role: Role, scope: Scope, scope_id: str, until: str | None = None
) -> None:
    """A right of entry."""
    rows.add(
        Grant, at, user_id=user, role=role, scope=scope, scope_id=scope_id,
        opens_children=opens_children(role), starts=day(at), until=until,
    )  # fmt: skip


def found_country(rows: Rows, random: Random, children: int, at: int) -> Country:
    """Regions, organisations and workers for so many children, all made at one moment."""
    regions = [rows.add(Region, at, name=f"Meetregio {number + 1}") for number in range(REGIONS)]

    def houses(kind: str, children_each: int) -> list[House]:
        words, organisation_kind, _, _ = CAST[kind]
        return [
            _house(
                rows,
                at,
                f"{words} {family_name(random)} {number + 1}",
                organisation_kind,
                regions[number % REGIONS],
            )
            for number in range(max(1, children // children_each))
        ]

    def workers(kind: str, there: list[House], count: int) -> tuple[Worker, ...]:
        return tuple(
            _worker(rows, at, kind, number, there[number % len(there)], random) for number in range(count)
        )

    home = houses("nurse", 5_000)
    per: Callable[[int], int] = lambda each: max(1, children // each)  # noqa: E731
    country = Country(
        nurses=workers("nurse", home, per(CHILDREN_PER_NURSE) + 1),
        doctors=workers("doctor", houses("doctor", 12_500), per(100)),
        gps=workers("gp", houses("gp", 400), per(400)),
        teachers=workers("teacher", houses("teacher", 500), per(500)),
        officials=workers("official", houses("official", 2_500), per(2_500)),
    )
    for lead in workers("lead", home, len(home)):
        add_grant(rows, at, lead.user, Role.TEAM_LEAD, Scope.ORGANISATION, lead.house.id)
    for nurse in country.nurses:
        add_grant(rows, at, nurse.user, Role.EMPLOYEE, Scope.ORGANISATION, nurse.house.id)
    return country


def _house(rows: Rows, at: int, name: str, kind: Kind, region: str) -> House:
    key = rows.add(Organisation, at, name=name, kind=kind, region_id=region, reply_time="binnen 2 dagen")
    return House(key, name, region)


def _worker(rows: Rows, at: int, kind: str, number: int, house: House, random: Random) -> Worker:
    _, _, role, qualification = CAST[kind]
    marked = kind == "nurse" and number == 0
    name = "Meetverpleegkundige" if marked else f"{random.choice(ADULTS)} {family_name(random)}"
    user = add_user(rows, at, f"bench-{kind}" if number == 0 else f"bench-{kind}-{number}", name)
    professional = rows.add(
        Professional, at, user_id=user, organisation_id=house.id, name=name, qualification=qualification
    )
    return Worker(user, professional, name, house, role)
