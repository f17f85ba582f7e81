"""What a citable package says of itself: manifest, README, CITATION.cff, a note on rights, and a data package's
descriptor (Frictionless). The same facts make the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from monitor.domain.export_records import moment
from monitor.domain.export_tables import COLUMNS
from monitor.domain.model.exports import ExportWhat, PackageFacts, PackedFile

MANIFEST = "manifest.json"
TITLE = "Relations between cities: events, articles and partnerships of a news archive"
_FORMAT_VERSION = 1  # of the manifest and the tables


def closing_files(facts: PackageFacts) -> Mapping[str, bytes]:
    """The files that follow the data, in their order; the manifest names only the data."""
    return {
        MANIFEST: _json(_manifest(facts)),
        "datapackage.json": _json(_datapackage(facts)),
        "README.md": _readme(facts).encode(),
        "CITATION.cff": _citation(facts).encode(),
        "LICENSE.md": _LICENCE.encode(),
    }


def _manifest(facts: PackageFacts) -> dict[str, Any]:
    versions = facts.versions
    return {
        "format_version": _FORMAT_VERSION,
        "created_at": moment(facts.created_at),
        "software": {"name": "sister-city-monitor", "version": versions.software},
        "rules": dict(sorted(versions.rules.items())),
        "gazetteer_sha256": versions.gazetteer,
        "lexicon_sha256": versions.lexicon,
        "archive": facts.base_url or None,
        "query": dict(facts.fields),
        "event_change_log": {"first_seq": facts.first_seq, "last_seq": facts.last_seq},
        "files": [_file(one) for one in facts.files],
    }


def _file(one: PackedFile) -> dict[str, Any]:
    return {"name": one.name, "rows": one.rows, "bytes": one.size_bytes, "sha256": one.sha256}


def _datapackage(facts: PackageFacts) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "sister-city-monitor-export",
        "title": TITLE,
        "created": moment(facts.created_at),
        "resources": [_resource(one) for one in _tables(facts)],
    }


def _resource(one: PackedFile) -> dict[str, Any]:
    what = _what(one)
    columns = COLUMNS[what]
    return {
        "profile": "tabular-data-resource",
        "name": what.value,
        "path": one.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": one.size_bytes,
        "hash": f"sha256:{one.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {
            "fields": [{"name": each.name, "type": each.type, "description": each.description} for each in columns],
            "primaryKey": columns[0].name,
        },
    }


def _readme(facts: PackageFacts) -> str:
    rows = "\n".join(f"| `{one.name}` | {one.rows} | `{one.sha256}` |" for one in facts.files)
    asked = ", ".join(f"{name} = {_code(value)}" for name, value in facts.fields.items())
    state = (
        f"The archive stood still meanwhile (change {facts.last_seq} of its event log)."
        if facts.first_seq == facts.last_seq
        else f"The archive was written to meanwhile (changes {facts.first_seq} to {facts.last_seq} of its event log)."
    )
    return _README.format(
        title=TITLE,
        created=moment(facts.created_at),
        version=facts.versions.software,
        asked=asked or "everything",
        state=state,
        rows=rows,
        columns="\n\n".join(_columns(what) for what in map(_what, _tables(facts))),
    )


def _columns(what: ExportWhat) -> str:
    rows = "\n".join(f"| `{one.name}` | {one.type} | {one.description} |" for one in COLUMNS[what])
    return f"### {what.value}.csv\n\n| column | type | meaning |\n|---|---|---|\n{rows}"


def _citation(facts: PackageFacts) -> str:
    """Strings as JSON writes them, which YAML reads alike."""
    lines = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below and name the sources of the articles you quote.",
        "type": "dataset",
        "title": TITLE,
        "version": f"{facts.created_at:%Y%m%dT%H%M%SZ}",
        "date-released": f"{facts.created_at:%Y-%m-%d}",
        "abstract": f"Exported by sister-city-monitor {facts.versions.software}. Hashes of all data: {MANIFEST}.",
    }
    told = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in lines.items()]
    told.append('authors:\n  - name: "The operators of this archive"')
    if facts.base_url:
        told.append(f"url: {json.dumps(facts.base_url, ensure_ascii=False)}")
    return "\n".join(told) + "\n"


def _tables(facts: PackageFacts) -> Iterable[PackedFile]:
    return (one for one in facts.files if one.name.endswith(".csv"))


def _what(one: PackedFile) -> ExportWhat:
    return ExportWhat(one.name.rpartition("/")[2].removesuffix(".csv"))


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


_README = """# {title}

Made on {created} by sister-city-monitor {version}. Asked for: {asked}. {state}

| file | rows | SHA-256 |
|---|---|---|
{rows}

Each table is there twice: as CSV (RFC 4180, UTF-8 without byte-order mark, several values in a cell parted by `|`)
and as lines of JSON, which hold more: reports with their evidence, reasons with their weights, claims with who made
them. A cell that a table program would take for a formula starts with an apostrophe; the JSON has it as it was.

`manifest.json` holds the hashes, the question, and the versions of software, rules, places and cue words.
`datapackage.json` describes the tables for Frictionless tools. Ids of events are permanent: an event that is later
found to be another one keeps its id as a pointer to it. An event's date is as exact as `precision` says: of a month
or a year, first and last day are given.

What is missing was not published, not found, or not yet read; nothing here proves that nothing happened.

{columns}
"""

_LICENCE = """# Rights

The facts in these tables (which places met when, of what kind, in what status) are nobody's property. Names of
cities and their numbers come from GeoNames (https://www.geonames.org, CC BY 4.0): name GeoNames when you publish
them.

Titles, quotes and texts belong to the publishers named in `source_name`. Of each article there is only as much as
its source's setting in this archive allows: nothing (`link`), a short quote (`quote`) or the text (`full`). That
setting speaks of this archive; it gives you no right to publish a text again. Quote, and name the source and its
address.

The tables may name people who act in public offices. Use that as the law where you are allows.
"""
