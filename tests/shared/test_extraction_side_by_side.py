"""Real pages read side by side: no child dies, and every page reads as it does alone (faults D8)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.ports import SandboxFailed

pytestmark = [pytest.mark.shared, pytest.mark.slow]

PAGES = 400  # of all sets, evenly
READERS = 4  # threads that ask two children


@pytest.fixture(scope="module")
def sandbox() -> Iterator[ProcessSandbox]:
    box = ProcessSandbox(SandboxLimits(children=2), warm=("extract-article",))
    yield box
    box.close()


def stored_pages(shared_data: Path) -> list[bytes]:
    paths = sorted((shared_data / "data" / "extraction").rglob("*.html.gz"))
    assert len(paths) >= PAGES
    step = len(paths) // PAGES
    return [gzip.decompress(path.read_bytes()) for path in paths[::step][:PAGES]]


@pytest.mark.timeout(400)
def test_pages_read_side_by_side_read_as_they_do_alone(sandbox: ProcessSandbox, shared_data: Path) -> None:
    pages = stored_pages(shared_data)

    def read(body: bytes) -> object:
        payload = {"url": "https://city.example/page", "content_type": "text/html", "language": None}
        return sandbox.run("extract-article", payload, body)

    with ThreadPoolExecutor(READERS) as threads:
        together = list(threads.map(read, pages))
    assert [one for one in together if isinstance(one, SandboxFailed)] == []
    sample = range(0, PAGES, 10)
    assert [read(pages[number]) for number in sample] == [together[number] for number in sample]
