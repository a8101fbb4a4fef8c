"""One family's story as the YAML tells it, and one step of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kindzorg.access.policy import Actor, Subject
from kindzorg.demo import days
from kindzorg.demo.directory import Directory


@dataclass
class Story:
    """A family: its YAML, and the keys of what the steps have made so far."""

    directory: Directory
    source: Mapping[str, Any]
    child_id: UUID = field(init=False)
    made: dict[str, UUID] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The child, as the person at the terminal reads it."""
        child = self.source["child"]
        return f"{child['given_name']} {child['family_name']}"

    @property
    def opened_at(self) -> datetime:
        """When the child's file was made."""
        return self.moment(self.source["opened"]["at"])

    def moment(self, words: str) -> datetime:
        """The moment that words such as `-40d 10:15` name."""
        return self.directory.moment(words)

    def day(self, words: str) -> date:
        """The day that words such as `-3y4m` name."""
        return days.day(words, self.directory.today)

    def accounts(self) -> dict[str, str]:
        """The names of the family members who sign in, by username."""
        found = {
            key: one["name"] for key, one in self.source.get("people", {}).items() if one.get("account", True)
        }
        if account := self.source["child"].get("account"):
            found[account] = self.title
        return found

    def lines(self) -> Iterator[Mapping[str, Any]]:
        """Every step: first how the family came in, a minute apart, then what the YAML tells, in order of time."""
        leader, now = self.source["opened"]["by"], self.opened_at

        def step(do: str, **values: Any) -> Mapping[str, Any]:
            nonlocal now
            now += timedelta(minutes=1)
            return {"at": now, "by": leader, "do": do, **values}

        if account := self.source["child"].get("account"):
            yield step("child_account", username=account)
        for key, one in self.source.get("people", {}).items():
            yield step("relative", key=key, **one)
        yield step("journey_open", controller=self.source["owner"])
        told = ({**line, "at": self.moment(line["at"])} for line in self.source["story"])
        yield from sorted(told, key=lambda line: line["at"])


@dataclass(frozen=True, slots=True)
class Deed:
    """One step: who, about which child, when, and what the YAML says."""

    actor: Actor
    subject: Subject
    now: datetime
    line: Mapping[str, Any]

    def get(self, name: str, default: Any = "") -> Any:
        """A word of the YAML, or the default."""
        return self.line.get(name, default)
