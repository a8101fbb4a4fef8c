"""Reports and the daybook, with drawings that are made here: nobody's photo stands in the demo."""

from io import BytesIO

from PIL import Image, ImageDraw

from kindzorg.careplan.reports.actions import write_report
from kindzorg.careplan.reports.rules import NewReport, Reach
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.demo.story import Deed, Story
from kindzorg.record.files.rules import Prepared, prepared

PAPER, INK = (250, 247, 242), (29, 39, 51)
SUN, GRASS, ROOF = (240, 180, 60), (110, 160, 90), (190, 80, 60)
MOST = 5


def report(story: Story, deed: Deed) -> None:
    """What somebody wrote: `words`; about a `goal` or an `agreement`, of a `domain`, for the `family` alone; and what
    is on the `picture`."""
    line = deed.line
    goal, agreement, domain = line.get("goal"), line.get("agreement"), line.get("domain")
    new = NewReport(
        words=line["words"],
        happened_at=deed.now,
        domain=LifeDomain(domain) if domain else None,
        reach=Reach.FAMILY if line.get("family") else Reach.TEAM,
        goal_id=story.made[f"goal {goal}"] if goal else None,
        agreement_id=story.made[f"agreement {agreement}"] if agreement else None,
        attachment=(_drawing(), line["picture"]) if line.get("picture") else None,
    )
    write_report(deed.actor, deed.subject, new, deed.now)


def _drawing() -> Prepared:
    """A child's drawing of a house in the sun."""
    sheet = Image.new("RGB", (800, 600), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 470, 800, 600), fill=GRASS)
    pen.ellipse((620, 50, 740, 170), fill=SUN)
    pen.rectangle((240, 280, 520, 480), outline=INK, width=8)
    pen.polygon(((220, 280), (380, 140), (540, 280)), fill=ROOF)
    pen.rectangle((350, 370, 420, 480), fill=INK)
    made = BytesIO()
    sheet.save(made, "PNG")
    return prepared(made.getvalue(), MOST)
