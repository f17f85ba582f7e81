"""Raw pages as files beside the database, named by what they hold."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from pathlib import Path

from monitor.errors import NotFound, StorageDamaged, StorageError

_LEVEL = 6  # pages shrink to a quarter; higher levels cost twice the time for a percent
_NAME = re.compile(r"[0-9a-f]{64}")


class FileCaptureStore:
    """Implements the port `CaptureStore`: one gzip file a body, `ab/cd/abcd....gz` by the sha256 of the raw bytes.

    A file stands there whole or not at all: it is written under a temporary name, synced, and renamed; then its folder
    is synced. Files are never changed and may be copied at any time. Nobody else may read them.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first body is stored."""
        self._folder = folder

    def put(self, body: bytes) -> str:
        """See the port; raises `StorageError` where the disk is full or not ours to write."""
        sha256 = hashlib.sha256(body).hexdigest()
        path = self._path(sha256)
        if path.exists():
            return sha256
        try:
            self._make_folder(path.parent)
            _write(path, gzip.compress(body, _LEVEL, mtime=0))
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}") from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """See the port; raises `StorageDamaged` where the file does not hold what its name says."""
        path = self._path(sha256)
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise NotFound(f"no capture {sha256}") from None
        except (OSError, EOFError, zlib.error) as error:
            raise StorageDamaged(f"{path}: cannot be read: {error}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise StorageDamaged(f"{path}: holds something else than its name says")
        return body

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise NotFound(f"no name of a capture: {sha256[:80]!r}")
        return self._folder / sha256[:2] / sha256[2:4] / f"{sha256}.gz"

    def _make_folder(self, folder: Path) -> None:
        """With its parents up to the store's own, each durable in its parent."""
        if folder.is_dir():
            return
        if folder != self._folder:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, parents=folder == self._folder, exist_ok=True)
        _sync(folder.parent)


def _write(path: Path, content: bytes) -> None:
    """All or nothing, and on the disk."""
    file, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)  # readable by its owner only
    temporary = Path(name)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
