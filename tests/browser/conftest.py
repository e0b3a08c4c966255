"""A small book, really built, served on the loopback and opened in Chromium."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ["vlaanderen", "berlaar", "herstappe", "proefgemeente/proefwijk"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the book of a few places and return its html folder."""
    out = tmp_path_factory.mktemp("boek")
    data = ROOT / "tests" / "fixtures" / "data"
    run = "from lekp_lib.cli import main; main()"
    command = [sys.executable, "-c", run, "book", *PLACES]
    done = subprocess.run(
        [*command, "--data", str(data), "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return out / "html"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the book on the loopback."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """
    Start Chromium for a module, with a fresh profile.

    Not for longer: playwright keeps an event loop running, and no other test may meet it.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed: the browser tests are skipped")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """A page with everything it asked of others and complained about."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.foreign: set[str] = set()
        self.complaints: list[str] = []
        page.route("**/*", self._watch)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _watch(self, route: Any) -> None:
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.add(url.split("/")[2])
            route.abort()

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "net::ERR_FAILED" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Any:
        """Open a page of the book and wait until it is quiet."""
        self.page.goto(f"{self.address}/{path}", wait_until="load")
        return self.page


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """Return the width of the window [px]."""
    return int(request.param)


@pytest.fixture
def visit(chromium: Any, address: str, width: int) -> Iterator[Visit]:
    """Open a tab of a certain width."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, locale="nl-BE")
    yield Visit(page, address)
    page.close()
