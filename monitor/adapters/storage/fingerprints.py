"""What is kept to recognise a text again, and the bands by which candidates are found."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, insert, or_, select

from monitor.adapters.storage import tables as t
from monitor.adapters.storage.upserts import insert_or_update
from monitor.domain.model.articles import Fingerprint

_BANDS_OF = select(t.fingerprint.c.bands).where(t.fingerprint.c.article_id == bindparam("article_id"))


def put_fingerprint(connection: Connection, article_id: int, fingerprint: Fingerprint) -> None:
    """Write or replace an article's fingerprint and bands."""
    before = connection.scalar(_BANDS_OF, {"article_id": article_id})
    packed = _pack("q", fingerprint.bands)
    insert_or_update(
        connection,
        t.fingerprint,
        {"article_id": article_id},
        {
            "scheme": fingerprint.scheme,
            "text_sha": fingerprint.text_sha,
            "shingles": fingerprint.shingles,
            "digest": _pack("I", fingerprint.digest),
            "bands": packed,
        },
    )
    if before == packed:
        return
    if before:
        _drop_bands(connection, article_id, _unpack("q", before))
    if fingerprint.bands:
        connection.execute(
            insert(t.band),
            [{"band": band, "key": key, "article_id": article_id} for band, key in enumerate(fingerprint.bands)],
        )


def read_fingerprint(row: RowMapping) -> Fingerprint:
    """The fingerprint in a row that holds its columns."""
    return Fingerprint(
        scheme=row["scheme"],
        text_sha=row["text_sha"],
        shingles=row["shingles"],
        digest=_unpack("I", row["digest"]),
        bands=_unpack("q", row["bands"]),
    )


def _drop_bands(connection: Connection, article_id: int, bands: Sequence[int]) -> None:
    """By their whole keys: there is no index by article."""
    columns = t.band.c
    one_of = or_(*(and_(columns.band == band, columns.key == key) for band, key in enumerate(bands)))
    connection.execute(delete(t.band).where(columns.article_id == article_id, one_of))


def _pack(kind: str, values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}{kind}", *values)


def _unpack(kind: str, packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // struct.calcsize('<' + kind)}{kind}", packed)
