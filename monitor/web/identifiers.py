"""Numbers that addresses and forms may name things by."""

from __future__ import annotations

MAX_ID = 2**63 - 1  # what the databases can hold; beyond, a look-up would be a fault of ours
