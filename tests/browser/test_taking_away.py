"""What people take with them: exports, the dossier as a page, on paper and as a Word document."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from docx import Document
from playwright.sync_api import Page

from tests.browser.conftest import Opens
from tests.browser.world import PARTNERSHIP

A4_POINTS = (595, 842)


def taken(page: Page, button: str, link: bool = False) -> tuple[str, bytes]:
    """Name and content of the file that a button or link gives."""
    with page.expect_download() as download:
        page.get_by_role("main").get_by_role("link" if link else "button", name=button).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("shape", ["csv", "jsonl", "zip"])
def test_events_of_a_search_are_exported(shape: str, opens: Opens) -> None:
    page = opens("cam").goto("/events?q=Kunming")
    page.get_by_role("link", name="Export these events").click()
    page.wait_for_url("**/exports?*")
    assert page.get_by_label("Words").input_value() == "Kunming"
    page.locator(f"main input[type=radio][value={shape if shape != 'zip' else 'package'}]").check()
    name, content = taken(page, "Download")
    assert name.endswith(f".{shape}")
    if shape == "csv":
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
        assert len(rows) > 1
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    elif shape == "jsonl":
        assert all(json.loads(line) for line in content.decode().splitlines())
    else:
        with ZipFile(BytesIO(content)) as package:
            names = {Path(one).name.partition(".")[0].upper() for one in package.namelist()}
        assert {"README", "MANIFEST"} <= names


def test_the_dossier_is_one_page_of_cited_sentences_in_the_language_of_choice(opens: Opens) -> None:
    visitor = opens("cam")
    page = visitor.goto(f"/partnerships/{PARTNERSHIP}")
    page.get_by_role("link", name="Dossier").click()
    page.get_by_label("Language").select_option("fr")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**lang=fr*")
    dossier = page.locator("[lang=fr] .dossier, .dossier[lang=fr]")
    assert dossier.count() >= 1
    cited = {one.get_attribute("href") for one in page.locator(".dossier sup a").all()}
    assert cited
    for one in cited:
        assert page.locator(f"[id='{str(one).removeprefix('#')}']").count() == 1, one
    name, content = taken(page, "As a Word document", link=True)
    assert name.endswith(".docx")
    told = "\n".join(one.text for one in Document(BytesIO(content)).paragraphs)
    assert "Kunming" in told


def test_the_dossier_is_laid_out_for_a4(opens: Opens, shots: Path) -> None:
    page = opens("cam").goto(f"/partnerships/{PARTNERSHIP}/dossier")
    content = page.pdf(prefer_css_page_size=True, path=shots / "dossier.pdf")
    paper = pypdfium2.PdfDocument(content)
    try:
        assert {tuple(round(side) for side in paper.get_page_size(one)) for one in range(len(paper))} == {A4_POINTS}
        told = paper[0].get_textpage().get_text_bounded()
    finally:
        paper.close()
    assert "Kunming" in told
    assert "Sign out" not in told
    assert "As a Word document" not in told
