"""Everything that can be checked without running the product's tests, at most two things at a time.

Prints one line per check and the whole output of those that fail. Exit code 1 when any fails.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
WALLS = ("tests/test_architecture.py", "tests/test_glossary.py", "tests/test_translation.py")

# The longest first, so that the two processors end together.
CHECKS: dict[str, list[str | Path]] = {
    "types (mypy)": [BIN / "mypy"],
    "templates (djlint)": [BIN / "djlint", "--lint", "--quiet", "src"],
    "walls, glossary, translations": [BIN / "pytest", "-q", "-p", "no:cacheprovider", *WALLS],
    "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "settings and urls": [sys.executable, "-m", "django", "check", "--fail-level", "WARNING"],
    "generated docs": [sys.executable, "-m", "kindzorg.config.generated_docs", "--check"],
    "plain language": [sys.executable, "-m", "tests.plain_language"],
    "import contracts": [BIN / "lint-imports", "--no-logo"],
    "style (ruff)": [BIN / "ruff", "check", "."],
    "format (ruff)": [BIN / "ruff", "format", "--check", "."],
}
ENVIRONMENT = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}


def check(name: str) -> tuple[str, bool, float, str]:
    """Run one check: its name, whether it passed, seconds, and what it printed."""
    began = time.monotonic()
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return name, done.returncode == 0, time.monotonic() - began, done.stdout


def main() -> int:
    """Returns the exit code."""
    began = time.monotonic()
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, passed, seconds, printed in pool.map(check, CHECKS):
            print(f"{'ok    ' if passed else 'FAILED'} {name} ({seconds:.1f} s)", flush=True)
            if not passed:
                failed.append(name)
                print(printed, flush=True)
    print(
        f"{len(CHECKS) - len(failed)} checks passed, {len(failed)} failed in {time.monotonic() - began:.0f} s"
    )
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
