"""Walking over every route there is, so that pages which come later are tested as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from monitor.bootstrap import App
from monitor.web import app as web_app
from monitor.web.guard import GuardedRoute

SAFE = frozenset({"GET", "HEAD"})
MAX_PATHS = 400  # of one route

Candidates = Mapping[str, Sequence[str]]


def routes_by(method: str) -> Iterator[GuardedRoute]:
    for route in web_app.routes():
        if method in (route.methods or ()):
            yield route


def changing() -> Iterator[tuple[str, GuardedRoute]]:
    for route in web_app.routes():
        for method in sorted((route.methods or set()) - SAFE):
            yield method, route


def candidates(app: App) -> dict[str, list[str]]:
    """What the archive holds under the names that parameters of paths have."""
    archive = app.database.archive
    return {
        "event_id": [one.id for one in archive.events(1_000, include_merged=True)],
        "article_id": [str(one.id) for one in archive.articles(1_000)],
        "key": [one.key for one in (*archive.sources(), *archive.partnerships(), *archive.series())],
        "source_key": [one.key for one in archive.sources()],
        "partnership_key": [one.key for one in archive.partnerships()],
        "digest_id": [str(one.id) for one in archive.digests(1_000)],
        "verdict_id": [str(one.verdict.id) for one in archive.verdicts(1_000)],
        "place_id": sorted({place for one in archive.events(100) for place in one.participants}),
        "account_id": [str(one.id) for one in app.database.accounts.all()],
    }


def paths(route: GuardedRoute, known: Candidates | None = None) -> Iterator[str]:
    """The route's addresses for what there is; "1" for what nobody knows how to name."""
    names = list(route.param_convertors)
    choices = [(known or {}).get(name) or ["1"] for name in names]
    for number, chosen in enumerate(product(*choices)):
        if number >= MAX_PATHS:
            return
        path = route.path
        for name, value in zip(names, chosen, strict=True):
            for shape in (f"{{{name}}}", f"{{{name}:path}}", f"{{{name}:int}}"):
                path = path.replace(shape, value)
        yield path
