"""Reading an answer's body: bounded on the wire, bounded after decoding, and whole or refused.

HTTP clients decode a chunk at a time without bound: 809 bytes of brotli became 2 GB in one step (faults M1). So only
gzip is asked for, and it is inflated here in small steps.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain.outcomes import Outcome

GZIP = zlib.MAX_WBITS | 16
GZIP_MAGIC = b"\x1f\x8b"
STEP_BYTES = 65_536
# Names seen in the wild for "as it is"; a charset does not belong there but harms nothing.
_IDENTITY = frozenset(("", "identity", "none", "binary", "utf-8", "utf8", "8bit"))
_GZIP_NAMES = frozenset(("gzip", "x-gzip"))


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much of an answer is read."""

    wire_bytes: int
    body_bytes: int
    ratio: int = 200  # decoded : wire; text compresses 3 to 20 times, faults section 2
    ratio_from_bytes: int = 1_048_576  # small bodies may repeat themselves
    cut: bool = False  # keep the beginning of what is too large instead of refusing it


class BodyRefused(Exception):
    """The body is not taken; `outcome` says why."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def read_body(chunks: Iterable[bytes], encoding: str, declared_length: int | None, limits: BodyLimits) -> bytes:
    """The decoded body; raises `BodyRefused`. `encoding` is the content encoding as declared, "" if not."""
    name = encoding.strip().lower()
    if name not in _IDENTITY and name not in _GZIP_NAMES:
        raise BodyRefused(Outcome.UNSUPPORTED_ENCODING, "content encoding other than gzip")
    if declared_length is not None and declared_length > limits.wire_bytes and not limits.cut:
        raise BodyRefused(Outcome.TOO_LARGE, f"more than {limits.wire_bytes} bytes announced")
    sink = _Inflating(limits) if name in _GZIP_NAMES else _Plain(limits)
    wire = 0
    for chunk in chunks:
        wire += len(chunk)
        if wire > limits.wire_bytes and not limits.cut:
            raise BodyRefused(Outcome.TOO_LARGE, f"more than {limits.wire_bytes} bytes sent")
        if not sink.take(chunk, wire) or wire > limits.wire_bytes:
            return bytes(sink.body)
    sink.finish()
    return bytes(sink.body)


class _Plain:
    """Keeps what comes."""

    def __init__(self, limits: BodyLimits) -> None:
        self.body = bytearray()
        self._limits = limits

    def take(self, chunk: bytes, wire: int) -> bool:  # noqa: ARG002 - same shape as _Inflating
        """Whether more may follow."""
        return self._keep(chunk)

    def finish(self) -> None:
        """Nothing to check: the length was checked by the protocol."""

    def _keep(self, data: bytes) -> bool:
        room = self._limits.body_bytes - len(self.body)
        self.body += data[:room]
        if len(data) <= room:
            return True
        if self._limits.cut:
            return False
        raise BodyRefused(Outcome.TOO_LARGE, f"more than {self._limits.body_bytes} bytes decoded")


class _Inflating(_Plain):
    """Inflates gzip in bounded steps; several members in a row are one body, as RFC 1952 section 2.2 has it."""

    def __init__(self, limits: BodyLimits) -> None:
        super().__init__(limits)
        self._inflater = zlib.decompressobj(GZIP)
        self._started = False
        self._plain = False  # declared gzip, sent bare: common enough behind proxies
        self._full = False

    def take(self, chunk: bytes, wire: int) -> bool:
        """Whether more may follow."""
        if not self._started and chunk:
            self._started = True
            self._plain = not GZIP_MAGIC.startswith(chunk[:2])
        if self._plain:
            return self._keep(chunk)
        while chunk:
            if self._inflater.eof:
                if not chunk.startswith(GZIP_MAGIC):
                    return True  # padding after the last member
                self._inflater = zlib.decompressobj(GZIP)
            chunk = self._inflate(chunk, wire)
        return not self._full

    def _inflate(self, chunk: bytes, wire: int) -> bytes:
        """Unpack one step; the bytes still to unpack."""
        try:
            data = self._inflater.decompress(chunk, STEP_BYTES)
        except zlib.error as error:
            raise BodyRefused(Outcome.PROTOCOL, "gzip data is damaged") from error
        if not self._keep(data):
            self._full = True
            return b""
        self._check_ratio(wire)
        return self._inflater.unconsumed_tail or self._inflater.unused_data

    def finish(self) -> None:
        """A stream that ends early is a truncated answer even when the protocol saw nothing wrong (faults M3)."""
        if self._started and not self._plain and not self._inflater.eof:
            raise BodyRefused(Outcome.TRUNCATED, "the gzip stream ends early")

    def _check_ratio(self, wire: int) -> None:
        decoded = len(self.body)
        if decoded > self._limits.ratio_from_bytes and decoded > wire * self._limits.ratio and not self._limits.cut:
            raise BodyRefused(Outcome.TOO_LARGE, f"unpacks to more than {self._limits.ratio} times its size")
