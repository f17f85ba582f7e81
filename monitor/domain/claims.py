"""Conflicting claims, kept side by side: what is believed is what the weightiest voice says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from monitor.domain.model.partnerships import Claim, ClaimField, Stated

MAX_CLAIMS = 60  # of one object: beyond that the news repeats itself; what people declared is never dropped
_WEIGHT = {voice: number for number, voice in enumerate(Stated)}  # the smaller, the weightier


def restated(known: Iterable[Claim], said: Iterable[Claim], voice: tuple[Stated, str]) -> tuple[Claim, ...]:
    """The claims after one voice (who, and where) has spoken anew: what it said before no longer counts."""
    kept = [claim for claim in known if (claim.stated, claim.stated_by) != voice]
    return _bounded([*kept, *said])


def added(known: Iterable[Claim], said: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims and more; the same voice on the same field replaces what it said, another article is another voice."""
    claims = {_identity(claim): claim for claim in known}
    for claim in said:
        claims.pop(_identity(claim), None)
        claims[_identity(claim)] = claim
    return _bounded(list(claims.values()))


def _identity(claim: Claim) -> tuple[ClaimField, Stated, str, int | None]:
    return claim.field, claim.stated, claim.stated_by, claim.article_id


def _bounded(claims: list[Claim]) -> tuple[Claim, ...]:
    surplus = max(0, len(claims) - MAX_CLAIMS)
    droppable = [number for number, claim in enumerate(claims) if claim.stated is Stated.NEWS][:surplus]
    return tuple(claim for number, claim in enumerate(claims) if number not in droppable)


def believed(claims: Iterable[Claim], field: ClaimField) -> str | None:
    """What the weightiest voice says of a field, the latest of equals; unconfirmed claims are not believed."""
    said = [(claim, number) for number, claim in enumerate(claims) if claim.field is field and claim.is_confirmed]
    best = min(said, key=lambda pair: (_WEIGHT[pair[0].stated], -pair[1]), default=None)
    return best[0].value if best is not None else None


def day(value: str | None) -> date | None:
    """The day of a claim's value."""
    return date.fromisoformat(value) if value else None


def number(value: str | None) -> int | None:
    """The number of a claim's value."""
    return int(value) if value else None


def conflicting(claims: Iterable[Claim]) -> tuple[tuple[ClaimField, tuple[Claim, ...]], ...]:
    """The fields that voices disagree about, each with all that is said of it."""
    claims = tuple(claims)
    by_field = ((field, tuple(claim for claim in claims if claim.field is field)) for field in ClaimField)
    return tuple((field, said) for field, said in by_field if len({claim.value for claim in said}) > 1)


def claim(
    field: ClaimField,
    value: object,
    voice: tuple[Stated, str],
    article_id: int | None = None,
    is_confirmed: bool = True,
) -> Claim | None:
    """A claim, or None where nothing is said (None or "")."""
    if value is None or value == "":
        return None
    text = value.isoformat() if isinstance(value, date) else str(value)
    return Claim(field, text, voice[0], voice[1], article_id, is_confirmed)


def outweighs(one: Stated, other: Stated) -> bool:
    """Whether a voice counts at least as much as another."""
    return _WEIGHT[one] <= _WEIGHT[other]
