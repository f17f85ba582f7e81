"""`make evaluate-year`: what three users would feel of a year of news.

Nancy's officer and an official of Lào Cai watch their place, a researcher everything. Labelled items, invented events
in several languages and hard local news stand among some 5,000 unrelated real articles; all go through poll, ingest
and digest on a clock that is put forward day by day. Floors and goals: floors.toml, section [year].

    python -m bench.year [--weeks N] [--show FOLDER]
"""

from __future__ import annotations

import argparse
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from bench import relevance, year_run, year_scores, year_stream
from bench.evaluate import FLOORS, SHARED, beyond
from bench.year_run import Played
from bench.year_scores import Felt
from bench.year_stream import Stream
from monitor.domain.model.places import Place
from monitor.ports import Gazetteer

WATCHED = {"nancy": frozenset({"nancy"}), "lao-cai": frozenset({"lao-cai"}), "researcher": frozenset[str]()}
MAX_SHOWN = 400


def evaluate(weeks: int) -> tuple[Stream, Played, list[Felt]]:
    """Build the year, play it, judge it."""
    gazetteer: Gazetteer = relevance.knowledge()[1]  # type: ignore[assignment]
    stream = year_stream.build(SHARED, gazetteer)
    played = year_run.play(stream.pieces, weeks)

    def place(place_id: str) -> Place | None:
        return gazetteer.place(place_id)

    return stream, played, [year_scores.felt(name, watched, stream, played, place) for name, watched in WATCHED.items()]


def show(folder: Path, played: Played, years: Sequence[Felt]) -> None:
    """The digests as they went out, and everything that was wrong with them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "digests.txt").write_text("\n\n".join(played.messages), encoding="utf-8")
    lines: list[str] = []
    for year in years:
        lines += [f"MISSED {one.persona} {one.cause}: {one.truth.id} {one.truth.title}" for one in year.missed]
        for told in year.lines:
            sorts = [played.pieces[url].id for url in told.line.urls if url in played.pieces]
            verdict = (
                "FALSE" if told.truth is None else "REPEAT" if told.is_repeat else ", ".join(told.wrong)
            ) or "right"
            lines.append(
                f"{told.persona} week {told.week} {told.line.section}: {told.line.headline} [{verdict}] {sorts}"
            )
    (folder / "judged.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "review.txt").write_text("\n".join(_reviewed(played)), encoding="utf-8")


def _reviewed(played: Played) -> list[str]:
    found = {url for week in played.weeks for url in week.review}
    return [
        f"{played.pieces[url].id} {played.pieces[url].language} {played.pieces[url].title}" for url in sorted(found)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=year_stream.WEEKS)
    parser.add_argument("--show", type=Path, help="write the digests and what was wrong with them here")
    arguments = parser.parse_args()
    began = time.perf_counter()
    stream, played, years = evaluate(arguments.weeks)
    print(f"{len(stream.pieces)} articles, {len(played.articles)} read in {time.perf_counter() - began:.0f} s")
    print(year_scores.table(years, played))
    if arguments.show:
        show(arguments.show, played, years)
    failures = beyond(dict(year_scores.worst(years)), tomllib.loads(FLOORS.read_text(encoding="utf-8"))["year"])
    for failure in failures:
        print(failure)
    if failures and arguments.weeks == year_stream.WEEKS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
