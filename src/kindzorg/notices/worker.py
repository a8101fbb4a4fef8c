"""The worker: one process that runs the queue, sweeps the outbox, seals the trail and says that it lives.

Start more of them for more work: tasks are leased, notices are claimed, seals are numbered. Why one plain process
and not django-q2's own cluster: docs/adr/0003-queue.md.
"""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from multiprocessing import Value
from queue import SimpleQueue
from smtplib import SMTPException
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf
from django_q.monitor import monitor
from django_q.signing import BadSignature, SignedPackage
from django_q.worker import worker

from kindzorg.access.policy import system_actor
from kindzorg.audit.actions import seal_lines
from kindzorg.careteam.queries import child_for
from kindzorg.core import clock
from kindzorg.core.languages import unmarked
from kindzorg.core.own_words import Reading, reading
from kindzorg.core.texts import text
from kindzorg.core.walls import behind_wall
from kindzorg.notices.actions import Letter, announce_birthday, claim_notice, note_beat, settle_notice
from kindzorg.notices.queries import birthdays_near, notices_due
from kindzorg.people.own import kept_of
from kindzorg.ui.translation import mailed

ACTOR = system_actor("worker")
NAME = "worker"
# Seconds.
BEAT_EVERY, ROUND_EVERY, SWEEP_LASTS, MAIL_TIMEOUT, BREATH = 10, 60, 20, 15, 5

LOOKED: dict[str, date] = {}

log = logging.getLogger(__name__)


def run(once: bool = False) -> int:
    """Work until told to stop (SIGTERM, SIGINT), or with `once` until the queue is empty. Gives the exit code.

    A task that is running is finished first. A database that is away is waited for.
    """
    stop = Event()
    with _told_to_stop(stop):
        broker, beat_at, round_at = get_broker(), 0.0, 0.0
        while True:
            try:
                close_old_connections()
                if monotonic() >= beat_at:
                    _beat()
                    beat_at = monotonic() + BEAT_EVERY
                busy = run_queued(broker)
                if monotonic() >= round_at and (not once or not busy):
                    keep_house()
                    round_at = monotonic() + ROUND_EVERY
                if stop.is_set() or (once and not busy):
                    return 0
            except (DatabaseError, InterfaceError):
                log.exception("The database does not answer")
                connection.close()
                if once:
                    return 1
                stop.wait(BREATH)


@contextmanager
def _told_to_stop(stop: Event) -> Iterator[None]:
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_queued(broker: Broker) -> bool:
    """Take one task from the queue, run it and write down how it ended; False when there is none.

    Taking it leases it (Q_CLUSTER `retry`): if this process dies here, the task comes free by itself.
    """
    taken = broker.dequeue()
    tasks: SimpleQueue[Any] = SimpleQueue()
    results: SimpleQueue[Any] = SimpleQueue()
    for ack_id, package in taken or ():
        try:
            tasks.put({**SignedPackage.loads(package), "ack_id": ack_id, "cluster": Conf.CLUSTER_NAME})
        except (TypeError, BadSignature):
            log.error("A task was signed with another KINDZORG_SECRET_KEY, and is dropped")  # noqa: TRY400
            broker.fail(ack_id)
    tasks.put("STOP")
    worker(tasks, results, Value("f", -1), Conf.TIMEOUT)
    results.put("STOP")
    monitor(results, broker)
    return bool(taken)


def keep_house() -> None:
    """What comes round each minute: send what the queue lost or what has waited its turn, and seal the trail."""
    real, now = timezone.now(), clock.now()  # Ids carry the real clock, also where a demo pins the day.
    with behind_wall(ACTOR.id, now.date(), system=True):
        seal_lines(ACTOR, real)
        due = notices_due(ACTOR, now)
    announce(now)
    for name in settings.KINDZORG_EACH_ROUND:
        _in_round(name, now)
    until = monotonic() + SWEEP_LASTS
    for notice_id in due:
        if monotonic() >= until:
            break
        deliver(str(notice_id))


def _in_round(name: str, now: datetime) -> None:
    """What a room above brings to each round. What goes wrong there stops neither the post nor the next one."""
    try:
        import_string(name)(now)
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("%s failed", name)


def announce(now: datetime) -> None:
    """Tell of birthdays that change rights: this process looks once a day, and nobody is told twice."""
    if LOOKED.get(NAME) == now.date():
        return
    with behind_wall(ACTOR.id, now.date(), system=True):
        near = birthdays_near(ACTOR, now.date())
    for child_id, soon in near:
        with behind_wall(ACTOR.id, now.date(), system=True):
            announce_birthday(ACTOR, child_for(ACTOR, child_id, now.date()).subject, soon, now)
    LOOKED[NAME] = now.date()


def deliver(notice_id: str) -> str:
    """The task: send one notice by mail, if it still waits. Running it twice sends once.

    Three steps, each a transaction or none: claim, send, settle. Only a worker that dies between the mail server's
    yes and the last step sends again; the mail then carries the same Message-ID.
    """
    now = clock.now()
    with behind_wall(ACTOR.id, now.date(), system=True):
        letter = claim_notice(ACTOR, UUID(notice_id), now)
    if letter is None:
        return "nothing to do"
    sent = _send(letter)
    now = clock.now()
    with behind_wall(ACTOR.id, now.date(), system=True):
        settle_notice(ACTOR, letter, sent, now)
    return "sent" if sent else "not sent"


def _send(letter: Letter) -> bool:
    # Somebody may speak a language that we have no texts in.
    language = letter.language if letter.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with reading(Reading(kept_of, letter.house)):
        body = text(f"notices.mail.{letter.words}body", letter.audience, language)
        subject = text(f"notices.mail.{letter.words}subject", letter.audience, language)
    mail = EmailMessage(
        subject=unmarked(subject),
        body=mailed(body.format(**letter.given), language),
        to=[letter.address],
        headers={"Message-ID": f"<{letter.notice_id}@kindzorg>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=MAIL_TIMEOUT),
    )
    try:
        return bool(mail.send())
    except (OSError, SMTPException, ValueError) as error:
        log.warning("Notice %s could not be mailed: %s", letter.notice_id, type(error).__name__)
        return False


def _beat() -> None:
    now = timezone.now()
    with behind_wall(ACTOR.id, now.date(), system=True):
        note_beat(ACTOR, NAME, now)
