"""What docs/api.md says of the API is what the API is."""

from __future__ import annotations

import re
from pathlib import Path

from monitor.web.api.events import EventParameters
from monitor.web.api.openapi import document
from monitor.web.api.paging import MAX_LIMIT

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
OWN = frozenset({"limit", "cursor"})


def test_every_resource_is_named_and_no_other() -> None:
    assert set(re.findall(r"\| `GET ([^`]+)` \|", TEXT)) == set(document()["paths"])


def test_every_filter_of_events_is_named() -> None:
    said = TEXT.partition("## Filters")[2].partition("##")[0]
    for name in EventParameters.model_fields.keys() - OWN:
        assert f"`{name}`" in said, name


def test_every_parameter_and_status_of_the_document_is_named() -> None:
    for operation in (path["get"] for path in document()["paths"].values()):
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            assert name == "cursor" or f"`{name}`" in TEXT or f"{{{name}}}" in TEXT, name
        for status in operation["responses"].keys() - {"200", "304"}:
            assert f"| {status} |" in TEXT, status
    assert f"at most {MAX_LIMIT}." in TEXT
