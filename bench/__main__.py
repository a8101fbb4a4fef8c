"""`make bench`: measure, and print a table beside the aims. Exit code 0 also where an aim is missed."""

import argparse
import contextlib
import os
import sys
from statistics import median
from typing import Any

from bench import databases

SIZES = (1_000, 100_000)
AIMS = {
    "p50": 25.0,
    "ratio": 1.3,
    "statements": 12,
    "compressed": 100.0,
    "bare": 20_000.0,
    "reasoned": 5_000.0,
}
HEAD = ("what", "children", "p50 ms", "p95 ms", "own work ms", "statements", "kB raw", "kB gzip")


def main() -> int:
    """Returns the exit code."""
    options = _options()
    sizes = sorted(options.children)
    with contextlib.ExitStack() as stack:
        if options.quick:
            where, urls = "SQLite", [stack.enter_context(databases.small_country(SIZES[0]))]
            sizes = [SIZES[0]]
        else:
            server, where = stack.enter_context(databases.postgres())
            where = f"PostgreSQL, {where}"
            urls = [stack.enter_context(databases.country(server, size, options.keep)) for size in sizes]
        _start(urls[0])
        _measure(where, dict(zip(sizes, urls, strict=True)), options.rounds)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    numbers: Any = lambda words: [int(word) for word in words.split(",")]  # noqa: E731
    parser.add_argument(
        "--children", type=numbers, default=list(SIZES), metavar="N,M", help="sizes to compare"
    )
    parser.add_argument("--quick", action="store_true", help="1,000 children on SQLite only")
    parser.add_argument("--rounds", type=int, default=100, help="how often each page is asked (default 100)")
    parser.add_argument("--keep", action="store_true", help="keep the databases, and use those kept before")
    return parser.parse_args()


def _start(url: str) -> None:
    os.environ.update(databases.environment(url))
    import django

    from kindzorg.config.translations import compile_translations

    compile_translations()
    django.setup()


def _measure(where: str, sizes: dict[int, str], rounds: int) -> None:
    from bench import measures

    worlds = [measures.World(url, children) for children, url in sizes.items()]
    try:
        load = os.getloadavg()[0]
        print(f"\nMeasured on {os.cpu_count()} cores at a load of {load:.1f}; {where}.\n")
        print(f"{_line(HEAD)}\n{_line(['---'] * len(HEAD))}")
        pages = measures.measure_pages(worlds, measures.Server(), rounds)
        for (title, children), one in pages.items():
            print(_line(_cells(title, children, one)))
        for world in worlds:
            try:
                one = measures.measure_import(world, max(3, rounds // 5))
            except ImportError:
                print("\nImport of a handover: not measured, there is no such action.")
                continue
            print(_line(_cells("import of a handover", world.children, one)))
        bare, reasoned = measures.referral_per_second()
    finally:
        for world in worlds:
            world.connection.close()
    print(f"\nReferral, on one core: {bare:,.0f} outcomes a second without reasons, {reasoned:,.0f} with.\n")
    for words, reached in _verdicts(pages, bare, reasoned):
        print(f"- {'reached' if reached else 'NOT reached'}: {words}")
    sys.stdout.flush()


def _cells(title: str, children: int, one: Any) -> list[str]:
    times = [f"{one.percentile(which):.1f}" for which in (50, 95)]
    times.append(f"{median(one.work):.1f}")
    sizes = [f"{size / 1000:.1f}" for size in (one.raw, one.compressed)]
    return [title, f"{children:,}", *times, f"{one.statements} + {one.control}", *sizes]


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


def _verdicts(pages: dict[tuple[str, int], Any], bare: float, reasoned: float) -> list[tuple[str, bool]]:
    """Each aim with what was measured, and whether it is reached."""
    found = []
    for title in dict.fromkeys(title for title, _ in pages):
        by_size = [one for (name, _), one in pages.items() if name == title]
        most, heaviest = max(one.statements for one in by_size), max(one.compressed for one in by_size) / 1000
        found.append((f"{title}: {most} statements (aim {AIMS['statements']})", most <= AIMS["statements"]))
        found.append(
            (
                f"{title}: {heaviest:.1f} kB compressed (aim under {AIMS['compressed']:.0f})",
                heaviest < AIMS["compressed"],
            )
        )
        p50 = [one.percentile(50) for one in by_size]
        if title == "plan page":
            found.append(
                (f"{title}: p50 {max(p50):.1f} ms (aim under {AIMS['p50']:.0f})", max(p50) < AIMS["p50"])
            )
        if len(p50) > 1:
            ratio = p50[-1] / p50[0]
            found.append(
                (
                    f"{title}: {ratio:.2f} times slower at the largest size (aim {AIMS['ratio']})",
                    ratio <= AIMS["ratio"],
                )
            )
    found.append(
        (f"outcomes without reasons: {bare:,.0f} a second (aim {AIMS['bare']:,.0f})", bare >= AIMS["bare"])
    )
    found.append(
        (
            f"outcomes with reasons: {reasoned:,.0f} a second (aim {AIMS['reasoned']:,.0f})",
            reasoned >= AIMS["reasoned"],
        )
    )
    return found


if __name__ == "__main__":
    sys.exit(main())
