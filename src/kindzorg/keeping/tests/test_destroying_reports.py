"""A report destroyed on request: every wording of it and its photo go, and that it was there stays."""

import pytest

from kindzorg.careplan.reports.models import Report
from kindzorg.careplan.reports.rules import Reach
from kindzorg.careplan.tests.conftest import World
from kindzorg.careplan.tests.doors import client, get, url
from kindzorg.careplan.tests.test_reports import photo, world, writes
from kindzorg.core.errors import Missing
from kindzorg.core.thawing import thawed
from kindzorg.keeping.erasing import TABLES, destroy
from kindzorg.keeping.requests.actions import make_request
from kindzorg.keeping.requests.rules import About, Asked, NewRequest
from kindzorg.record.files.models import Attachment

pytestmark = pytest.mark.django_db
__all__ = ["world"]


def test_destroying_takes_every_wording_and_the_photo(world: World) -> None:
    entry = writes(world, "nurse", "eerste woorden van toen", attachment=photo())
    writes(world, "nurse", "tweede woorden van toen", corrects=entry)
    kept = Attachment.objects.get()
    asked = world.do("child", make_request, NewRequest(Asked.REMOVE, About.REPORT, "Dit wil ik niet.", entry))
    page = get(world, "child", "request", asked.id)
    assert "Een verslag weghalen" in page
    with thawed(TABLES):
        destroy(About.REPORT, world.child_id, entry, world.moment)
    assert {one.words for one in Report.objects.all()} == {""}
    kept.refresh_from_db()
    assert (kept.raw, kept.small, kept.alt, kept.size) == (None, None, "", 0)
    assert client(world, "nurse").get(url(world, "attachment", kept.id)).status_code == 404
    assert "vernietigd" in get(world, "nurse", "reports")
    get(world, "nurse", "report_correct", entry, status=404)
    with pytest.raises(Missing):
        writes(world, "nurse", corrects=entry)


def test_nobody_else_decides_on_what_a_family_wrote_for_itself(world: World) -> None:
    entry = writes(world, "child", "van ons", reach=Reach.FAMILY)
    with pytest.raises(Missing):
        world.do("child", make_request, NewRequest(Asked.REMOVE, About.REPORT, "Weg ermee.", entry))
