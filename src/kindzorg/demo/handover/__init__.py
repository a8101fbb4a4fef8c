"""The hospital's handover of the demo's baby, dated from the day of the demo.

`yusuf.json` is written for 22 November 2026, the day before he goes home; another day moves all of it.
"""

import re
from datetime import date
from pathlib import Path

from kindzorg.demo.days import day

FILE = Path(__file__).parent / "yusuf.json"
WRITTEN_FOR = date(2026, 11, 22)
BORN, AGE = "2026-07-22", "-4m"
MOMENT = re.compile(r'"(\d{4}-\d{2})(-\d{2})?(?=["T])')


def handover_on(today: date) -> bytes:
    """The handover as the hospital would send it for a baby of four months who goes home tomorrow."""
    moved = today - WRITTEN_FOR

    def on_the_day(match: re.Match[str]) -> str:
        month, rest = match[1], match[2] or ""
        if month + rest == BORN:
            return f'"{day(AGE, today).isoformat()}'
        then = date.fromisoformat(month + (rest or "-15")) + moved
        return f'"{then.isoformat() if rest else then.isoformat()[:7]}'

    return MOMENT.sub(on_the_day, FILE.read_text(encoding="utf-8")).encode()
