"""Telling whether a page that should speak another language speaks English."""

from __future__ import annotations

import re

# Of which hardly an English sentence does without all; none is a word of French, Chinese or Vietnamese.
ENGLISH = re.compile(r"\b(?:the|it|its|was|were|by|of|this|that|with|and|which|event|known|same|not)\b")
QUOTED = re.compile(r"“[^”]*”|«[^»]*»")
