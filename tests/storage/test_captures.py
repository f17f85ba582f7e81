from __future__ import annotations

import gzip
import hashlib
import os
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.adapters.captures import FileCaptureStore
from monitor.errors import NotFound, StorageDamaged, StorageError

PAGE = b"<html><p>A page as it came, \xff not even UTF-8.</p></html>" * 50


@pytest.fixture
def store(tmp_path: Path) -> FileCaptureStore:
    return FileCaptureStore(tmp_path / "captures")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=2_000))
def test_a_body_comes_back_as_it_was(store: FileCaptureStore, body: bytes) -> None:
    assert store.get(store.put(body)) == body


def test_a_body_is_named_by_its_hash_and_kept_small_and_private(store: FileCaptureStore, tmp_path: Path) -> None:
    sha256 = store.put(PAGE)
    assert sha256 == hashlib.sha256(PAGE).hexdigest()
    path = tmp_path / "captures" / sha256[:2] / sha256[2:4] / f"{sha256}.gz"
    assert gzip.decompress(path.read_bytes()) == PAGE
    assert path.stat().st_size < len(PAGE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent, tmp_path / "captures")} == {
        0o700
    }


def test_the_same_bytes_are_one_file_that_is_never_written_again(store: FileCaptureStore, tmp_path: Path) -> None:
    store.put(PAGE)
    [path] = files(tmp_path)
    before = path.stat()
    assert store.put(PAGE) == path.stem
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_threads_may_store_at_once(store: FileCaptureStore, tmp_path: Path) -> None:
    bodies = [f"page {number % 10}".encode() for number in range(80)]
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(store.put, bodies))
    assert len(files(tmp_path)) == len(set(names)) == 10
    assert [store.get(name) for name in names] == bodies


def test_what_was_never_stored_is_not_found(store: FileCaptureStore) -> None:
    with pytest.raises(NotFound, match="no capture"):
        store.get("0" * 64)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "/" + "0" * 63])
def test_a_name_is_a_hash_and_no_path(store: FileCaptureStore, name: str) -> None:
    with pytest.raises(NotFound, match="no name of a capture"):
        store.get(name)


@pytest.mark.parametrize(
    "damage",
    [b"", b"no gzip", gzip.compress(b"something else"), gzip.compress(PAGE)[:-20], b"\x1f\x8b\x08" + b"\xff" * 30],
    ids=["empty", "no gzip", "another body", "cut", "nonsense"],
)
def test_a_damaged_file_is_told(store: FileCaptureStore, tmp_path: Path, damage: bytes) -> None:
    sha256 = store.put(PAGE)
    [path] = files(tmp_path)
    path.write_bytes(damage)
    with pytest.raises(StorageDamaged, match=sha256):
        store.get(sha256)


def test_a_place_that_cannot_be_written_is_told_and_left_clean(tmp_path: Path) -> None:
    (tmp_path / "captures").write_text("a file, not a folder")
    with pytest.raises(StorageError, match="captures"):
        FileCaptureStore(tmp_path / "captures").put(PAGE)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    program = """
        import resource, signal, sys
        from pathlib import Path
        from monitor.adapters.captures import FileCaptureStore
        from monitor.errors import StorageError

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            FileCaptureStore(Path(sys.argv[1])).put(bytes(range(256)) * 4 + __import__("os").urandom(5000))
        except StorageError as error:
            print(error)
    """
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=True,
    )
    assert b"too large" in told.stdout
    assert files(tmp_path) == []


def test_a_body_is_on_the_disk_under_its_name_when_it_is_told_stored(tmp_path: Path) -> None:
    """Every step before the answer, in order: file synced, renamed, folder synced."""
    steps: list[str] = []
    store = FileCaptureStore(tmp_path / "captures")
    real_fsync = os.fsync

    def fsync(file: int) -> None:
        steps.append("sync " + ("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file"))
        real_fsync(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        store.put(PAGE)
    assert steps[-2:] == ["sync file", "sync folder"]
    assert steps.count("sync folder") == 4  # three new folders in their parents, then the file's own
