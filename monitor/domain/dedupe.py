"""Recognising a text again: exact, near copy, contained; never "the same event", which is `linking`.

MinHash (Broder 1997) over word shingles, with banding for the candidates (Leskovec, Rajaraman, Ullman: Mining of
Massive Datasets, section 3.4) and the digests for the verification. The text itself is not needed again.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence

from rensa import RMinHash

from monitor.domain.model.articles import CopyKind, CopyOf, Fingerprint, KnownArticle
from monitor.domain.text import fold, is_cjk, tokens

PERMUTATIONS = 192  # standard error of a resemblance of 0.5: 0.036
_SEED = 42
BANDS = 64
ROWS = 3  # 64 bands of 3: a pair of resemblance 0.45 is a candidate with probability 0.998, of 0.05 with 0.008
WORDS_A_SHINGLE = 3  # short, so that one changed word in ten leaves 0.7 of the shingles
CHARS_A_SHINGLE = 5  # Han and kana: about as telling as three words
MIN_SHINGLES = 12  # shorter texts share stock phrases by chance and are compared for equality only

# rensa's digests change between releases for the same seed, so the release is part of the name.
SCHEME = f"rensa-0.5-{PERMUTATIONS}-{_SEED}-{BANDS}x{ROWS}-w{WORDS_A_SHINGLE}c{CHARS_A_SHINGLE}"

# A half of a text resembles the whole by 0.5, a text with every tenth word changed by 0.54; both less two to three
# standard errors. Two writers on one event stay under 0.06 (measured on the SemEval 2022 "very similar" pairs).
NEAR_COPY_RESEMBLANCE = 0.40
# Truncation and injected tails: most of the shorter text stands in the longer one.
CONTAINED_SHARE = 0.70
CONTAINED_RESEMBLANCE = 0.15  # below, the estimate of the share is mostly noise


def shingles(text: str) -> set[str]:
    """The distinct runs of words (of characters where a script has no blanks) of the folded text."""
    if is_cjk(text):
        units: Sequence[str] = [char for char in fold(text) if char.isalnum()]
        size, glue = CHARS_A_SHINGLE, ""
    else:
        units, size, glue = tokens(text), WORDS_A_SHINGLE, " "
    return {glue.join(units[i : i + size]) for i in range(len(units) - size + 1)}


def fingerprint(text: str) -> Fingerprint:
    """What is kept to recognise `text` again."""
    distinct = shingles(text)
    text_sha = hashlib.sha256(" ".join(tokens(text)).encode()).hexdigest()
    if len(distinct) < MIN_SHINGLES:
        return Fingerprint(SCHEME, text_sha, len(distinct), (), ())
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update(sorted(distinct))
    digest = tuple(int(value) for value in minhash.digest())
    return Fingerprint(SCHEME, text_sha, len(distinct), digest, bands(digest))


def bands(digest: Sequence[int]) -> tuple[int, ...]:
    """One signed 64-bit key a band: texts that share one are candidates."""
    keys = []
    for start in range(0, BANDS * ROWS, ROWS):
        packed = struct.pack(f"<{ROWS}I", *digest[start : start + ROWS])
        keys.append(int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "big", signed=True))
    return tuple(keys)


def resemblance(one: Fingerprint, other: Fingerprint) -> float:
    """Estimated Jaccard similarity of the shingle sets, in [0, 1]; 0 for digests of different schemes."""
    if one.scheme != other.scheme or not one.digest or not other.digest:
        return 0.0
    same = sum(a == b for a, b in zip(one.digest, other.digest, strict=True))
    return same / len(one.digest)


def containment(one: Fingerprint, other: Fingerprint, similarity: float) -> float:
    """Estimated share of the smaller shingle set that stands in the other, in [0, 1].

    From J = |A and B| / |A or B| and the set sizes: |A and B| = J (|A| + |B|) / (1 + J).
    """
    smaller = min(one.shingles, other.shingles)
    if not smaller:
        return 0.0
    common = similarity * (one.shingles + other.shingles) / (1 + similarity)
    return min(1.0, common / smaller)


def compare(one: Fingerprint, other: Fingerprint) -> tuple[CopyKind | None, float, float]:
    """How two texts relate, with resemblance and containment."""
    if one.text_sha == other.text_sha:
        return CopyKind.SAME_TEXT, 1.0, 1.0
    similarity = resemblance(one, other)
    share = containment(one, other, similarity)
    if similarity >= NEAR_COPY_RESEMBLANCE:
        return CopyKind.NEAR_COPY, similarity, share
    if similarity >= CONTAINED_RESEMBLANCE and share >= CONTAINED_SHARE:
        return CopyKind.CONTAINED, similarity, share
    return None, similarity, share


def closest(mine: Fingerprint, known: Iterable[KnownArticle]) -> tuple[KnownArticle, float, float] | None:
    """The most alike of the known texts, copy or not, with resemblance and containment; None: nothing alike at all."""
    found = [(article, *compare(mine, article.fingerprint)[1:]) for article in known]
    best = max(found, key=lambda one: (one[1], -one[0].id), default=None)
    return best if best is not None and best[1] > 0 else None


def nearest(mine: Fingerprint, known: Iterable[KnownArticle]) -> CopyOf | None:
    """The known text that `mine` is a copy of: seeds first, then the most alike, then the oldest."""
    found = []
    for article in known:
        kind, similarity, share = compare(mine, article.fingerprint)
        if kind is not None:
            found.append(CopyOf(article.id, kind, similarity, share, article.seed_key))
    return min(
        found,
        key=lambda copy: (copy.seed_key is None, -max(copy.resemblance, copy.containment), copy.article_id),
        default=None,
    )
