"""A real provider of OpenID Connect (npm oidc-provider) for the tests, started as a process of its own."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests

from kindzorg.access.assurance import Assurance
from kindzorg.people.accounts.rules import Provider
from tests.machine import lacks
from tests.serving import free_port

TOOLS = Path(__file__).parent / "tools"
SECRET = "the-secret-of-the-tests-is-no-secret"
ONE, TWO = "urn:test:one", "urn:test:two"
KEY = "hospital"


@dataclass(frozen=True)
class Hospital:
    """The provider as the tests see it."""

    issuer: str

    def settings(self, **more: object) -> Provider:
        """How an installation is set up for it."""
        usual: dict[str, object] = {
            "key": KEY,
            "name": "Ziekenhuis De Linde",
            "issuer": self.issuer,
            "client_id": "kindzorg",
            "client_secret": SECRET,
            "levels": {ONE: Assurance.LOW, TWO: Assurance.SUBSTANTIAL},
            "match": "employee",
            "prompt": "login",
        }
        return Provider(**(usual | more))  # type: ignore[arg-type]

    def lies(self, how: str) -> None:
        """From now on it bends what it says; with "" it is honest again."""
        requests.post(f"{self.issuer}/lie", data=json.dumps({"how": how}), timeout=10)

    def signs_in(self, address: str, who: str, level: str) -> str:
        """Sign in there as somebody would; the address at which the browser comes back to us."""
        visits = requests.Session()
        page = visits.get(address, timeout=10)
        form = re.search(r'action="([^"]+)"', page.text)
        assert form, page.text
        answer = visits.post(
            urljoin(self.issuer, form[1]),
            data={"who": who, "level": level},
            allow_redirects=False,
            timeout=10,
        )
        while answer.headers["location"].startswith(("/", self.issuer)):
            answer = visits.get(
                urljoin(self.issuer, answer.headers["location"]), allow_redirects=False, timeout=10
            )
        return answer.headers["location"]


@contextmanager
def hospital(*redirects: str) -> Iterator[Hospital]:
    """The provider, which sends people back to these addresses only."""
    node = shutil.which("node")
    if node is None or not (TOOLS / "node_modules" / "oidc-provider").exists():
        lacks("node", "sudo apt-get install nodejs npm; make tools")
    port = free_port()
    process = subprocess.Popen(
        [node, "provider.mjs", str(port), *redirects],
        cwd=TOOLS,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        while (line := process.stdout.readline()).strip() != "ready":
            if not line:
                raise RuntimeError("the provider did not start: run it by hand, tests/tools/provider.mjs")
        yield Hospital(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate(timeout=10)
