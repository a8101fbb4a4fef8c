"""The reports and the daybook in the copy, with their photos and documents."""

from typing import Any

from django.utils.translation import gettext as _

from kindzorg.careplan.reports.pages import domain_word
from kindzorg.careplan.reports.queries import every_report_for
from kindzorg.careplan.reports.rules import Reach, ReportView
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild
from kindzorg.web.copies.parts import Item, Section, filled, said, section


def reports(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every entry that this reader may read, as it reads now, newest first."""
    found = every_report_for(request.actor, opened.subject, request.today)
    words = Say(opened.audience, "reports")
    return filled(section("reports", words["title"], [_entry(one, opened, words) for one in found]))


def _entry(one: ReportView, opened: OpenedChild, words: Say) -> Item:
    kept = one.attachment if one.attachment and not one.attachment.gone else None
    fields = said(
        ("domain", _("Life domain"), domain_word(one.domain, opened.audience)),
        ("about", _("About"), one.about),
        ("readers", _("For whom"), words["reach_family_tag"] if one.reach == Reach.FAMILY else ""),
        ("picture", _("What can be seen"), kept.alt if kept else ""),
    )
    return Item(
        words[f"discipline_{one.discipline}"],
        fields,
        words=one.words or words["destroyed"],
        at=one.happened_at,
        by=", ".join(filter(None, (one.by, one.organisation))),
        file=kept.name if kept else "",
        file_id=kept.id if kept else None,
    )
