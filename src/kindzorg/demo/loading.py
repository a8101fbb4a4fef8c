"""Loading the families: each step of a story by the person who took it, through the real action, at its own time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Hat, Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, register_child_with_team
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core.errors import DomainError
from kindzorg.core.walls import behind_wall
from kindzorg.demo.days import ZONE
from kindzorg.demo.directory import HERE, SYSTEM, load_directory, read
from kindzorg.demo.steps import STEPS
from kindzorg.demo.story import Deed, Story
from kindzorg.people.actions import NewChild
from kindzorg.people.models import Region, User

FAMILIES = HERE / "families"


def family_files() -> Sequence[Path]:
    """The families, in the order in which they are loaded."""
    return sorted(FAMILIES.glob("*.yaml"))


def loaded_for() -> date | None:
    """The day for which the families in this database were loaded, or None when there are none yet."""
    listed = read(HERE / "directory.yaml")
    first = Region.objects.filter(name__in=listed["regions"].values()).order_by("created_at").first()
    if first is None:
        return None
    # The directory is always filled the same number of years before the day of the demo.
    years = -int(listed["at"].split("y")[0])
    filled = first.created_at.astimezone(ZONE).date()
    return filled.replace(year=filled.year + years)


def holds_real_work() -> bool:
    """Whether somebody worked in this database outside the demo: then the demo keeps its hands off it."""
    if AuditLine._meta.db_table not in connection.introspection.table_names():
        return False
    return AuditLine.objects.filter(demo=False).exists()


def load(today: date, tell: Callable[[str], None] = lambda line: None) -> int:
    """Load what is not there yet; gives back how many families were added. A family is there whole or not at all."""
    directory = load_directory(today)
    added = 0
    for path in family_files():
        story = Story(directory, read(path))
        own = set(story.accounts()) - set(directory.professionals)  # A parent may work somewhere too.
        if User.objects.filter(username__in=own).exists():
            continue
        with transaction.atomic():
            _tell(story)
        added += 1
        tell(story.title)
    return added


def _tell(story: Story) -> None:
    for username, name in story.accounts().items():
        with _as_system(story.opened_at):
            story.directory.add_user(username, name, story.opened_at)
    _open(story)
    for line in story.lines():
        now = line["at"]
        actor = _with_one_hat(story, line["by"])
        with behind_wall(actor.id, now.date()):
            subject = child_for(actor, story.child_id, now.date()).subject
            _take(story, Deed(actor, subject, now, line))


def _with_one_hat(story: Story, username: str) -> Actor:
    """The person as it acts in this story: who works too, and is of this family, acts as family here."""
    actor = actor_for(story.directory.user(username))
    if len(policy.hats_of(actor)) < 2:
        return actor
    return policy.wearing(actor, Hat.FAMILY if username in story.accounts() else Hat.PROFESSIONAL)


def _take(story: Story, deed: Deed) -> None:
    try:
        STEPS[deed.line["do"]](story, deed)
    except Exception as error:
        data = dict(error.data) if isinstance(error, DomainError) else ""
        error.add_note(
            f"{story.title}: {deed.line['do']} by {deed.line['by']} at {deed.now:%Y-%m-%d %H:%M} {data}"
        )
        raise


@contextmanager
def _as_system(now: datetime) -> Iterator[None]:
    with behind_wall(SYSTEM.id, now.date(), system=True):
        yield


def _open(story: Story) -> None:
    """The leader makes the file and is its first member."""
    opened, given = story.source["opened"], story.source["child"]
    leader = NewMember(
        role=Role(opened["role"]),
        professional_id=story.directory.professionals[opened["by"]],
        task=opened["task"],
        leads=True,
    )
    new = NewChild(
        given["given_name"],
        given["family_name"],
        story.day(given["born"]),
        given["gender"],
        language=given.get("language", "nl"),
        region_id=story.directory.regions[story.source["region"]],
    )
    owner_id = story.directory.organisations[story.source["owner"]]
    actor = actor_for(story.directory.user(opened["by"]))
    with behind_wall(actor.id, story.opened_at.date()):
        subject = register_child_with_team(actor, new, owner_id, leader, story.opened_at)
    story.child_id = subject.child_id
