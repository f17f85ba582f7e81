"""The life of a child: take a frame, run a task, answer; within limits, without network, until the pipe ends."""

from __future__ import annotations

import importlib
import json
import logging
import math
import os
import resource
import struct
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from monitor.adapters.children.confinement import confine

Task = Callable[[dict[str, Any], bytes], dict[str, Any]]
TaskTable = Mapping[str, str]  # task -> "module:function", loaded when first asked for

LENGTH = struct.Struct(">I")
_FORBIDDEN_EVENTS = frozenset(
    (
        *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"),
        *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"),
        *("os.remove", "os.rename", "os.mkdir", "os.symlink", "os.link", "shutil.rmtree", "ftplib.connect"),
    )
)


class Refused(Exception):
    """A task cannot do what was asked, for a reason with a fixed label (`monitor.domain.outcomes`).

    `told`: what was found all the same, as the task would have answered it.
    """

    def __init__(self, label: str, detail: str, told: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.label = label
        self.detail = detail
        self.told = dict(told or {})


def serve(table: TaskTable, settings: str) -> None:
    """Answer frames until standard input ends; `settings` is the JSON that `monitor.adapters.sandbox` gives."""
    given = json.loads(settings)
    frames_in, frames_out = _take_channels()
    means = confine(given["memory_bytes"])
    sys.addaudithook(_refuse)
    tasks: dict[str, Task] = {}
    try:
        for name in given["warm"]:
            _task(tasks, table, name)
        _quiet()
        _answer(frames_out, {"ready": True, "means": means})
        while (request := _request(frames_in)) is not None:
            header, body = request
            _allow_processor_time(given["cpu_s"])
            _answer(frames_out, _run(tasks, table, header, body))
    finally:
        _allow_files()


def _run(tasks: dict[str, Task], table: TaskTable, header: dict[str, Any], body: bytes) -> dict[str, Any]:
    try:
        return _task(tasks, table, header["task"])(header["payload"], body)
    except Refused as refused:
        return {**refused.told, "error": refused.label, "detail": refused.detail}
    except MemoryError:
        return {"error": "child-memory", "detail": "out of memory"}
    except Exception as error:  # noqa: BLE001 - whatever a parser raises is its document's fault; the parent logs it
        return {"error": "internal", "detail": f"{type(error).__name__}: {error}"[:300]}


def _task(tasks: dict[str, Task], table: TaskTable, name: str) -> Task:
    if name not in tasks:
        module, _, function = table[name].partition(":")
        tasks[name] = getattr(importlib.import_module(module), function)
    return tasks[name]


# ---------------------------------------------------------------- frames


def _take_channels() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for frames; what libraries print goes nowhere."""
    frames_in, frames_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return frames_in, frames_out


def _request(frames: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    header = _frame(frames)
    body = _frame(frames) if header is not None else None
    return None if header is None or body is None else (json.loads(header), body)


def _frame(frames: BinaryIO) -> bytes | None:
    size = frames.read(LENGTH.size)
    if len(size) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(size)
    data = frames.read(length)
    return data if len(data) == length else None


def _answer(frames: BinaryIO, answer: dict[str, Any]) -> None:
    data = json.dumps(answer).encode("ascii")
    frames.write(LENGTH.pack(len(data)) + data)
    frames.flush()


# ---------------------------------------------------------------- limits


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if not _Guard.up:
        return
    if event in _FORBIDDEN_EVENTS or (event == "open" and _is_for_writing(*arguments)):
        raise PermissionError(f"{event} is forbidden here")


def _is_for_writing(_path: object, mode: str | None, flags: int) -> bool:
    """An empty file is within the limit on sizes."""
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) or bool(mode and set(mode) & set("wax+"))


class _Guard:
    """Whether documents are being read."""

    up = True


def _allow_processor_time(seconds: int) -> None:
    """The limit counts the life of the process, so it moves with every document."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = math.ceil(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _allow_files() -> None:
    """No document is near any more: what runs at exit, such as a coverage measurement, may write."""
    _Guard.up = False
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def _quiet() -> None:
    """From here on nobody reads the error channel; until here it tells why a child could not start."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    os.dup2(1, 2)
