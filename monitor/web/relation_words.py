"""What the pages of partnerships and the calendar say of things to come, in a visitor's words."""

from __future__ import annotations

from monitor.domain.digest_relations import expectation_headline
from monitor.domain.headline import headline
from monitor.domain.model.partnerships import ExpectationState
from monitor.domain.model.places import PlaceLookup
from monitor.domain.overview import Prospects
from monitor.domain.source_coverage import CoverageState
from monitor.domain.wording import Wording, message

COVERAGE_WORDS = {
    CoverageState.COVERED: message("followed"),
    CoverageState.SILENT: message("followed, but nothing comes"),
    CoverageState.BROKEN: message("followed, but cannot be read"),
    CoverageState.NOTHING: message("not followed"),
}
EXPECTATION_WORDS = {
    ExpectationState.OPEN: message("open"),
    ExpectationState.FULFILLED: message("came"),
    ExpectationState.SLIPPED: message("came at another time"),
    ExpectationState.MISSED: message("not heard of"),
    ExpectationState.WITHDRAWN: message("withdrawn"),
}


def prospects_line(coming: Prospects | None, wording: Wording, place: PlaceLookup) -> str:
    """What comes next in a line; "": nothing is known."""
    if coming is None:
        return ""
    if coming.expectation is not None:
        return expectation_headline(coming.expectation, wording, place)
    return headline(coming.event, wording, place) if coming.event is not None else ""
