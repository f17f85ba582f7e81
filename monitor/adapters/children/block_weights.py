"""Weights: placeholder until trained."""

from __future__ import annotations

FEW: dict[str, float] = {}
MANY: dict[str, float] = {}
