"""How-to cards with drawings that are made here, tips, and who has seen them."""

from io import BytesIO

from PIL import Image, ImageDraw

from kindzorg.careplan.howto.actions import add_tip, say_seen, write_card
from kindzorg.careplan.howto.queries import card_for
from kindzorg.careplan.howto.rules import NewCardStep, NewHowTo
from kindzorg.demo.story import Deed, Story
from kindzorg.record.files.rules import Prepared, prepared

PAPER, SKIN, WATER, TAP = (250, 247, 242), (226, 184, 150), (120, 180, 220), (120, 130, 140)
MOST = 5


def card(story: Story, deed: Deed) -> None:
    """The card of an `act`: `title`, `steps` (words, or words and what is on their `picture`), `watch`, `call`."""
    line, on = deed.line, deed.now.date()
    before = card_for(deed.actor, deed.subject, line["act"], on)
    new = NewHowTo(
        act=line["act"],
        title=line["title"],
        steps=[_step(one) for one in line["steps"]],
        watch=deed.get("watch"),
        call=deed.get("call"),
        after=before.number,
    )
    write_card(deed.actor, deed.subject, new, deed.now)


def _step(said: str | dict[str, str]) -> NewCardStep:
    if isinstance(said, str):
        return NewCardStep(words=said)
    return NewCardStep(words=said["words"], photo=(_drawing(), said["picture"]))


def tip(story: Story, deed: Deed) -> None:
    """An own tip beside the card of an `act`."""
    add_tip(deed.actor, deed.subject, deed.line["act"], deed.line["words"], deed.now)


def seen(story: Story, deed: Deed) -> None:
    """Seen and understood: the card of an `act` as it is then."""
    act = deed.line["act"]
    now = card_for(deed.actor, deed.subject, act, deed.now.date())
    say_seen(deed.actor, deed.subject, act, now.number, deed.now)


def _drawing() -> Prepared:
    """Two hands below a tap."""
    sheet = Image.new("RGB", (600, 400), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((270, 20, 330, 110), fill=TAP)
    pen.rectangle((250, 90, 350, 120), fill=TAP)
    pen.rectangle((285, 120, 315, 230), fill=WATER)
    pen.ellipse((130, 210, 310, 320), fill=SKIN)
    pen.ellipse((290, 210, 470, 320), fill=SKIN)
    pen.rectangle((60, 340, 540, 370), fill=TAP)
    made = BytesIO()
    sheet.save(made, "PNG")
    return prepared(made.getvalue(), MOST)
