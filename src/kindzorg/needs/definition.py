"""What the scan asks. PURE: read from `content/scan.yaml`, no Django.

The scan is our own, in the structure that is publicly known (four life domains; child, parents and nurse); it
copies no instrument. Older versions stay beside it as `content/scan-<version>.yaml`. A topic keeps its id
for ever: a better wording keeps it, another meaning gets a new one. So no old answer changes its question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from kindzorg.core.errors import Missing
from kindzorg.core.texts import content, text
from kindzorg.core.vocabulary import Audience, LifeDomain

OPENING = ("healthy", "strengths")


class Respondent(StrEnum):
    """Who answers. Child and parents fill in, the nurse supplements; nobody writes over another."""

    CHILD = "child"
    PARENT = "parent"
    NURSE = "nurse"

    @property
    def audience(self) -> Audience:
        """The wording this respondent reads."""
        return Audience.PROFESSIONAL if self is Respondent.NURSE else Audience(self.value)


class Whose(StrEnum):
    """Whose need it is."""

    CHILD = "child"
    PARENTS = "parents"
    SIBLINGS = "siblings"


class Amount(StrEnum):
    """Our own five words for load and carrying power ("eigen hulpmiddel, niet gevalideerd"); least first."""

    VERY_LITTLE = "very_little"
    LITTLE = "little"
    SOME = "some"
    MUCH = "much"
    VERY_MUCH = "very_much"


class FieldKind(StrEnum):
    """How a question of the short form is answered."""

    WORDS = "words"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the short form that is the same for every topic.

    `id` is also the name of the attribute of `TopicAnswer`. Essential questions are shown at once, the others
    under "tell more": that keeps a topic within its minutes.
    """

    id: str
    kind: FieldKind
    asked_of: tuple[Respondent, ...]
    essential: bool
    choices: tuple[str, ...] = ()

    def label(self, audience: str, language: str) -> str:
        """The question."""
        return text(f"needs.form.{self.id}.label", audience, language)

    def choice(self, choice: str, audience: str, language: str) -> str:
        """The words of one of the choices."""
        return text(f"needs.form.{self.id}.{choice}", audience, language)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something in the family's life that help may be needed with. It says nothing of laws or payers.

    Its pictogram is called after its `id`.

    `minutes` is our own estimate for a parent, to be confirmed with families. Ages are in whole years, both
    included; None means no limit. `touches` names topics that often hang together with this one.
    `nurse_first`: the child's form begins with "first to my nurse" chosen, as what is said here may be about home.
    """

    id: str
    domain: LifeDomain
    for_whom: Whose
    asked_of: tuple[Respondent, ...]
    minutes: int
    from_age: int | None = None
    to_age: int | None = None
    touches: tuple[str, ...] = ()
    nurse_first: bool = False

    def fits(self, age: int | None) -> bool:
        """Whether the topic is worth asking at this age in years; an unknown age fits every topic."""
        if age is None:
            return True
        return (self.from_age or 0) <= age and (self.to_age is None or age <= self.to_age)

    def title(self, audience: str, language: str) -> str:
        """The topic in a few words."""
        return text(f"needs.{self.domain}.{self.id}.title", audience, language)

    def hint(self, audience: str, language: str) -> str:
        """What one may think of here."""
        return text(f"needs.{self.domain}.{self.id}.hint", audience, language)


@dataclass(frozen=True, slots=True)
class Pace:
    """Minutes for one respondent: at most `limit` in all (None: no limit), and per part.

    `topic` replaces the topic's own minutes, for a respondent whose form is shorter.
    """

    opening: int
    first_pass: int
    carrying: int
    limit: int | None = None
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class ScanDefinition:
    """One version of the scan: topics in the order in which they are shown, and the form they share."""

    version: str
    valid_from: date
    topics: tuple[Topic, ...]
    fields: tuple[FormField, ...]
    paces: Mapping[Respondent, Pace]

    def topic(self, topic_id: str) -> Topic:
        """The topic with this id. Raises Missing when this version does not have it."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise Missing("topic_unknown", topic=topic_id, version=self.version)

    def offered(
        self, respondent: Respondent, domain: LifeDomain | None = None, age: int | None = None
    ) -> tuple[Topic, ...]:
        """The topics that the first pass shows to this respondent, for a child of `age` years."""
        return tuple(
            topic
            for topic in self.topics
            if respondent in topic.asked_of and domain in (None, topic.domain) and topic.fits(age)
        )

    def form(self, respondent: Respondent) -> tuple[FormField, ...]:
        """The questions of the short form for this respondent, in order."""
        return tuple(field for field in self.fields if respondent in field.asked_of)

    def minutes(self, topic: Topic, respondent: Respondent) -> int:
        """Minutes that the topic takes this respondent."""
        return self.paces[respondent].topic or topic.minutes


@cache
def definition(version: str | None = None) -> ScanDefinition:
    """The scan in use, or the given version of it. Raises Missing for a version that never was."""
    current = _read(content("needs", "scan"))
    if version in (None, current.version):
        return current
    try:
        return _read(content("needs", f"scan-{version}"))
    except FileNotFoundError as error:
        raise Missing("scan_version_unknown", version=version) from error


def _read(data: Mapping[str, Any]) -> ScanDefinition:
    return ScanDefinition(
        version=data["version"],
        valid_from=data["valid_from"],
        topics=tuple(
            _topic(LifeDomain(domain), entry)
            for domain, entries in data["domains"].items()
            for entry in entries
        ),
        fields=tuple(_field(entry) for entry in data["form"]),
        paces=MappingProxyType({Respondent(who): Pace(**pace) for who, pace in data["minutes"].items()}),
    )


def _topic(domain: LifeDomain, entry: Mapping[str, Any]) -> Topic:
    from_age, to_age = entry.get("ages", (None, None))
    return Topic(
        id=entry["id"],
        domain=domain,
        for_whom=Whose(entry["for_whom"]),
        asked_of=_respondents(entry),
        minutes=entry["minutes"],
        from_age=from_age,
        to_age=to_age,
        touches=tuple(entry.get("touches", ())),
        nurse_first=entry.get("nurse_first", False),
    )


def _field(entry: Mapping[str, Any]) -> FormField:
    return FormField(
        id=entry["id"],
        kind=FieldKind(entry["kind"]),
        asked_of=_respondents(entry),
        essential=entry.get("essential", False),
        choices=tuple(entry.get("choices", ())),
    )


def _respondents(entry: Mapping[str, Any]) -> tuple[Respondent, ...]:
    return tuple(Respondent(who) for who in entry.get("asked_of", tuple(Respondent)))


def to_questionnaire(scan: ScanDefinition, audience: str, language: str) -> dict[str, Any]:
    """The scan as a nested outline in one wording: groups, questions and choices with stable ids.

    Plain words, no FHIR: the door makes a FHIR R4 Questionnaire of it (id -> linkId, kind -> type,
    opened_by -> enableWhen). The respondent is the one who reads this audience's wording.
    """
    respondent = next(who for who in Respondent if who.audience == audience)
    return {
        "version": scan.version,
        "valid_from": scan.valid_from,
        "title": text("needs.opening.title", audience, language),
        "items": [
            *(_question("needs.opening", part, "question", respondent, language) for part in OPENING),
            *(_domain_outline(scan, domain, respondent, language) for domain in LifeDomain),
            _carrying_outline(respondent, language),
        ],
    }


def _question(topic: str, part: str, key: str, respondent: Respondent, language: str) -> dict[str, Any]:
    words = text(f"{topic}.{part}.{key}", respondent.audience, language)
    return {"id": part, "kind": FieldKind.WORDS, "text": words}


def _domain_outline(
    scan: ScanDefinition, domain: LifeDomain, respondent: Respondent, language: str
) -> dict[str, Any]:
    audience = respondent.audience
    topics = scan.offered(respondent, domain)
    first_pass = {
        "id": f"{domain}.first_pass",
        "kind": FieldKind.CHOICES,
        "text": text(f"needs.opening.first_pass.{domain}", audience, language),
        "choices": [
            *((topic.id, topic.title(audience, language)) for topic in topics),
            ("none", text("needs.opening.first_pass.none", audience, language)),
        ],
    }
    name = text(f"needs.opening.domain.{domain}", audience, language)
    groups = [_topic_outline(scan, topic, respondent, language) for topic in topics]
    return {"id": domain.value, "kind": "group", "text": name, "items": [first_pass, *groups]}


def _topic_outline(
    scan: ScanDefinition, topic: Topic, respondent: Respondent, language: str
) -> dict[str, Any]:
    audience = respondent.audience
    name = f"{topic.domain}.{topic.id}"
    none = {
        "id": f"{name}.nothing_needed",
        "kind": "boolean",
        "text": text("needs.form.nothing_needed.label", audience, language),
    }
    asked = [
        {
            "id": f"{name}.{field.id}",
            "kind": field.kind,
            "text": field.label(audience, language),
            "choices": [(choice, field.choice(choice, audience, language)) for choice in field.choices],
        }
        for field in scan.form(respondent)
    ]
    return {
        "id": name,
        "kind": "group",
        "text": topic.title(audience, language),
        "hint": topic.hint(audience, language),
        "opened_by": (f"{topic.domain}.first_pass", topic.id),
        "items": [none, *asked],
    }


def _carrying_outline(respondent: Respondent, language: str) -> dict[str, Any]:
    """One group that repeats, once per family member; its text says "own tool, not validated"."""
    audience = respondent.audience
    scale = [(amount, text(f"needs.carrying.scale.{amount}", audience, language)) for amount in Amount]
    questions = [
        _question("needs.carrying", part, "label", respondent, language)
        | ({"kind": FieldKind.CHOICE, "choices": scale} if part in ("load", "power") else {})
        for part in ("member", "load", "power", "words")
    ]
    for question in questions:
        question["id"] = f"carrying.{question['id']}"
    notice = text("needs.carrying.notice", audience, language)
    return {"id": "carrying", "kind": "group", "text": notice, "repeats": True, "items": questions}
