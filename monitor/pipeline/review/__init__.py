"""A person has the last word: confirm, reject, merge, split, move, edit, add, note, assign, close, and take back.

Each is one transaction under the archive's lock and one verdict, kept with what it changed; later runs obey the
verdicts that hold. What of it digests tell is said in `domain.verdicts`. Articles and events that the archive does not
hold raise `NotFound`; what contradicts the archive raises `Refused`.
"""

from __future__ import annotations

from monitor.pipeline.review.adding import Pasted, add_event, add_text
from monitor.pipeline.review.belonging import attach, keep_apart, merge, move, split
from monitor.pipeline.review.editing import edit_event
from monitor.pipeline.review.relevance import confirm, confirm_event, reject, reject_event, rescue
from monitor.pipeline.review.remarks import assign, close_event, mark_handled, note
from monitor.pipeline.review.session import Corrected, Reviewing, Seen
from monitor.pipeline.review.undoing import undo

__all__ = [
    "Corrected",
    "Pasted",
    "Reviewing",
    "Seen",
    "add_event",
    "add_text",
    "assign",
    "attach",
    "close_event",
    "confirm",
    "confirm_event",
    "edit_event",
    "keep_apart",
    "mark_handled",
    "merge",
    "move",
    "note",
    "reject",
    "reject_event",
    "rescue",
    "split",
    "undo",
]
