"""What is an organisation's own, as the pages of its readers need it: asked once per change, by every process.

The stamp of the organisation comes along with what a request asks anyway (its actor, its child), so that no page asks
a statement more, and none shows what another process replaced. Nothing here is about a child or a person.
"""

from collections import defaultdict
from uuid import UUID

from kindzorg.core.own_words import House
from kindzorg.people.house.rules import Kept, TextPlace, fits
from kindzorg.people.models import Organisation, OwnText

MOST = 500
_KEPT: dict[UUID, tuple[UUID | None, Kept]] = {}


def kept_of(house: House) -> Kept:
    """What is the house's own. No statement while its stamp is as it was."""
    there = _KEPT.get(house.id)
    if there is None or there[0] != house.stamp:
        # The stamp first: what comes in between is then asked for again by the next request.
        row = Organisation.objects.values("own_stamp", "style_id", "style__name", "style__colours").get(
            id=house.id
        )
        logos = Organisation.objects.filter(id=house.id, style__logo__isnull=False)
        there = (
            row["own_stamp"],
            Kept(
                words=_words(house.id),
                name=row["style__name"] or "",
                style=row["style_id"],
                has_logo=bool(row["style_id"]) and logos.exists(),
                has_colours=bool(row["style__colours"]),
            ),
        )
        if len(_KEPT) >= MOST:
            _KEPT.clear()
        _KEPT[house.id] = there
    return there[1]


def _words(organisation_id: UUID) -> dict[str, dict[str, dict[str, str]]]:
    newest: dict[TextPlace, str] = {}
    rows = OwnText.objects.filter(organisation_id=organisation_id).order_by("number")
    for key, audience, language, words in rows.values_list("key", "audience", "language", "words"):
        newest[TextPlace(key, audience, language)] = words
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for place, words in newest.items():
        if words and fits(place, words):
            found[place.key][place.audience][place.language] = words
    return found
