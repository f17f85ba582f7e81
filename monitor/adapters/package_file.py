"""Packages as ZIP files, written piece by piece: what is packed is never held in memory as a whole.

The same content makes the same bytes: names, order, times and rights of the members are fixed, and the packer never
looks at the clock. (Another version of zlib may compress otherwise; the hashes in the manifest are of the content.)
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import IO

from monitor.domain.model.exports import PackageTable, PackedFile

FOLDER = "data"
PIECE_BYTES = 64 * 1024
HELD_BYTES = 8 * 1024 * 1024  # of the lines of JSON that wait for their turn; more go to a file
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a ZIP file can say
_READABLE = 0o644 << 16


class ZipPacker:
    """Implements the port `Packer`."""

    def pack(
        self,
        tables: Iterable[PackageTable],
        closing: Callable[[Sequence[PackedFile]], Mapping[str, bytes]],
        at: datetime,
    ) -> Iterator[bytes]:
        """See the port."""
        outlet = _Outlet()
        packed: list[PackedFile] = []
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            for table in tables:
                yield from _table(archive, table, at, outlet, packed)
            for name, body in closing(packed).items():
                with archive.open(_info(name, at), "w") as member:
                    member.write(body)
                yield from outlet.pieces(0)
        yield from outlet.pieces(0)


def _table(
    archive: zipfile.ZipFile, table: PackageTable, at: datetime, outlet: _Outlet, packed: list[PackedFile]
) -> Iterator[bytes]:
    """The lines of JSON wait while those of CSV are written: both are of the same reading of the archive."""
    with tempfile.SpooledTemporaryFile(HELD_BYTES) as waiting:
        name, rows = f"{FOLDER}/{table.name}.csv", 0
        # The size is not known beforehand: room for more than 4 GiB must be promised at once.
        with archive.open(_info(name, at), "w", force_zip64=True) as member:
            counted = _Counted(member)
            counted.write(table.header)
            for csv_line, json_line in table.lines:
                rows += 1
                counted.write(csv_line)
                waiting.write(json_line)
                yield from outlet.pieces(PIECE_BYTES)
        packed.append(counted.as_file(name, rows))
        waiting.seek(0)
        name = f"{FOLDER}/{table.name}.jsonl"
        with archive.open(_info(name, at), "w", force_zip64=True) as member:
            counted = _Counted(member)
            while piece := waiting.read(PIECE_BYTES):
                counted.write(piece)
                yield from outlet.pieces(PIECE_BYTES)
        packed.append(counted.as_file(name, rows))


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    told = at.astimezone(UTC)
    info = zipfile.ZipInfo(name, max(_EARLIEST, told.timetuple()[:6]))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # Unix, wherever it is made
    info.external_attr = _READABLE
    return info


class _Outlet:
    """What the library takes for a file that cannot be wound back; what it writes is taken out in pieces."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        """See `io.RawIOBase`."""
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def pieces(self, at_least: int) -> Iterator[bytes]:
        """What was written since, once it is that much."""
        if self._waiting and len(self._waiting) >= at_least:
            piece = bytes(self._waiting)
            self._waiting.clear()
            yield piece


class _Counted:
    """Counts and hashes what is written to a member."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member
        self._sha = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Pass it on."""
        self._member.write(data)
        self._sha.update(data)
        self._size += len(data)

    def as_file(self, name: str, rows: int) -> PackedFile:
        """What was written."""
        return PackedFile(name, self._size, self._sha.hexdigest(), rows)
