"""Agreements: what the voices on one come to, when it ends, and what the news tells of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from monitor.domain import claims
from monitor.domain.lexicon import Lexicon
from monitor.domain.model.events import EventKind, EventStatus, Happening, Precision
from monitor.domain.model.partnerships import AgreementData, Claim, ClaimField, Stated
from monitor.domain.months import months_after

GRADES = ("sister", "friendship", "partner")  # in falling strength

_PAPERS = frozenset({EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_RENEWED})


def merged(known: AgreementData | None, said: AgreementData, stated_by: str = "") -> AgreementData:
    """The agreement after one voice has told (anew) what it knows of it; another article is another voice."""
    voice = (said.origin, stated_by)
    fields = (
        (ClaimField.GRADE, said.grade),
        (ClaimField.SIGNED_ON, said.signed_on),
        (ClaimField.TERM_MONTHS, said.term_months),
        (ClaimField.ENDS_ON, said.ends_on),
    )
    told = [one for field, value in fields if (one := claims.claim(field, value, voice, said.article_id)) is not None]
    if known is None:
        return believed(replace(said, claims=tuple(told)))
    leads = claims.outweighs(said.origin, known.origin) and said.origin is not Stated.NEWS
    lead, other = (said, known) if leads else (known, said)
    return believed(
        replace(
            lead,
            title=lead.title or other.title,
            supersedes=lead.supersedes or other.supersedes,
            event_id=lead.event_id or other.event_id,
            article_id=lead.article_id or other.article_id,
            claims=_told(known.claims, told, voice, said.article_id),
        )
    )


def _told(
    known: Sequence[Claim], said: Iterable[Claim], voice: tuple[Stated, str], article_id: int | None
) -> tuple[Claim, ...]:
    kept = [one for one in known if (one.stated, one.stated_by, one.article_id) != (*voice, article_id)]
    return claims.added(kept, said)


def believed(agreement: AgreementData) -> AgreementData:
    """With grade, day, term and end as the best claims say."""
    said = agreement.claims
    return replace(
        agreement,
        grade=claims.believed(said, ClaimField.GRADE),
        signed_on=claims.day(claims.believed(said, ClaimField.SIGNED_ON)),
        term_months=claims.number(claims.believed(said, ClaimField.TERM_MONTHS)),
        ends_on=claims.day(claims.believed(said, ClaimField.ENDS_ON)),
    )


def end_of(agreement: AgreementData) -> date | None:
    """The last day of its term, told or counted; None: it has none that is known."""
    if agreement.ends_on is not None:
        return agreement.ends_on
    if agreement.signed_on is None or agreement.term_months is None:
        return None
    return months_after(agreement.signed_on, agreement.term_months)


def in_force(agreements: Iterable[AgreementData]) -> tuple[AgreementData, ...]:
    """Those that no other one supersedes."""
    agreements = tuple(agreements)
    superseded = {(one.partnership_key, one.supersedes) for one in agreements if one.supersedes}
    return tuple(one for one in agreements if (one.partnership_key, one.key) not in superseded)


# ---------------------------------------------------------------- learnt from the news


def learnt(
    happening: Happening,
    event_id: str,
    article_id: int,
    partnership_key: str,
    grade: str | None,
    known: Iterable[AgreementData],
) -> AgreementData | None:
    """The agreement that a signing or renewal brought; None where nothing was signed.

    A renewal supersedes the latest agreement before it; what the same event told before is the same agreement.
    """
    if _PAPERS.isdisjoint(happening.kinds) or happening.status is not EventStatus.HAPPENED:
        return None
    is_day = happening.when is not None and happening.when.precision is Precision.DAY and not happening.date_inferred
    signed_on = happening.when.starts_on if is_day and happening.when is not None else None
    is_renewal = EventKind.AGREEMENT_RENEWED in happening.kinds
    known = tuple(known)
    same = next((one for one in known if _is_same(one, event_id, signed_on)), None)
    earlier = [one for one in known if one is not same and _is_before(one, signed_on)]
    before = max(earlier, key=lambda one: (one.signed_on or date.min, one.key), default=None)
    return AgreementData(
        partnership_key=partnership_key,
        key=same.key if same is not None else event_id,
        grade=grade,
        signed_on=signed_on,
        supersedes=before.key if is_renewal and signed_on is not None and before is not None else None,
        origin=Stated.NEWS,
        event_id=event_id,
        article_id=article_id,
    )


def _is_same(agreement: AgreementData, event_id: str, signed_on: date | None) -> bool:
    """Whether what a person or a seed told, or an earlier report, is the paper of this signing."""
    return agreement.event_id == event_id or (signed_on is not None and agreement.signed_on == signed_on)


def _is_before(agreement: AgreementData, day: date | None) -> bool:
    return day is None or agreement.signed_on is None or agreement.signed_on < day


def grade_in(sentence: str, language: str | None, lexicon: Lexicon) -> str | None:
    """The strongest grade that a sentence names; None: none."""
    groups = {cue.group for cue in lexicon.find(sentence, language)}
    return next((grade for grade in GRADES if f"relation.grades.{grade}" in groups), None)
