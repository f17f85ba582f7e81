"""Persistent child processes for hostile input: what crashes, hangs or swells takes a child with it, never the service.

Threads are no alternative: lxml crashes under concurrent extraction (trafilatura #840, #925), C code cannot be
interrupted, and only a process has limits. Frames are JSON with a length in front; nothing is ever unpickled.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from monitor.domain.outcomes import Outcome
from monitor.ports import Json, SandboxFailed

CHILD_COMMAND = (sys.executable, "-P", "-m", "monitor.adapters.children")
PACKAGE_ROOT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">I")
MAX_ANSWER_BYTES = 64 * 1024 * 1024  # far above 2,000 entries with their texts
PIPE_BYTES = 1_048_576  # a feed and its answer pass in one piece: each wait for the next costs a turn among the threads
GOODBYE_S = 3.0  # for a child that was told to end
# What a child may know of its surroundings; secrets of the service stay out.
_INHERITED = ("PATH", "HOME", "TZ", "TMPDIR")
_INHERITED_PREFIXES = ("LANG", "LC_", "COVERAGE_")


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """How many children there are and what each may use; defaults of design section 8."""

    children: int = 2
    memory_bytes: int = 1024 * 1024 * 1024  # address space
    cpu_s: int = 20  # per document
    wall_s: float = 25.0  # per document
    recycle_after: int = 200  # documents; parsers leak and cache
    start_s: float = 30.0  # until a child has loaded what it needs


CLOSED = SandboxFailed(Outcome.INTERNAL, "the sandbox is closed")


class _Lost(Exception):
    """The child is of no more use; `failed` says why."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.failed = SandboxFailed(outcome, detail)


class _Child:
    """One process with its two pipes. Used by one thread at a time."""

    def __init__(self, command: Sequence[str], limits: SandboxLimits, warm: Sequence[str]) -> None:
        self.documents = 0
        self.worked: set[str] = set()  # tasks that gave an answer: what a successor may load in advance
        self.worked_off = False  # told to end
        self.means: tuple[str, ...] = ()  # of the kernel, granted to it; known once it is ready
        self._ready = False
        self._limits = limits
        settings = {"memory_bytes": limits.memory_bytes, "cpu_s": limits.cpu_s, "warm": list(warm)}
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env=_environment(),
        )
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe is not None  # noqa: S101 - asked for above
            os.set_blocking(pipe.fileno(), False)
            with contextlib.suppress(OSError, AttributeError):  # Linux only, and within the user's allowance
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def ask(self, task: str, payload: Mapping[str, Json], body: bytes) -> dict[str, Json]:
        """One document; raises `_Lost`, after which the child must be buried."""
        if not self._ready:
            greeting = self._receive(time.monotonic() + self._limits.start_s)
            self.means = tuple(greeting.get("means", ()))
            self._ready = True
        self.documents += 1
        deadline = time.monotonic() + self._limits.wall_s
        header = json.dumps({"task": task, "payload": payload}).encode()
        self._send(b"".join((LENGTH.pack(len(header)), header, LENGTH.pack(len(body)), body)), deadline)
        answer = self._receive(deadline)
        if _failure(answer) is None:
            self.worked.add(task)
        return answer

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def dismiss(self) -> None:
        """Tell it to end, without waiting."""
        self.worked_off = True
        with contextlib.suppress(OSError):
            self._stdin.close()

    def kill(self) -> None:
        """End it and its group at once; safe while another thread waits for its answer."""
        if self._process.returncode is None:  # else its number may belong to another process by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def bury(self, patience_s: float = 0.0) -> None:
        """Make sure that it and all it started are gone."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if patience_s:
                self._process.wait(patience_s)
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    # ------------------------------------------------------------ pipes

    @property
    def _stdin(self) -> Json:
        return self._process.stdin

    def _send(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        descriptor = self._stdin.fileno()
        while left:
            self._wait(descriptor, select.POLLOUT, deadline)
            try:
                left = left[os.write(descriptor, left[:PIPE_BYTES]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise self._death() from error

    def _receive(self, deadline: float) -> dict[str, Json]:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if length > MAX_ANSWER_BYTES:
            raise _Lost(Outcome.CHILD_CRASH, "the child answered with too much")
        try:
            answer = json.loads(self._read(length, deadline))
        except ValueError as error:
            raise _Lost(Outcome.CHILD_CRASH, "the child answered with garbage") from error
        if not isinstance(answer, dict):
            raise _Lost(Outcome.CHILD_CRASH, "the child answered with garbage")
        return answer

    def _read(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - asked for at the start
        descriptor = self._process.stdout.fileno()
        data = bytearray()
        while len(data) < count:
            self._wait(descriptor, select.POLLIN, deadline)
            try:
                piece = os.read(descriptor, min(count - len(data), 1_048_576))
            except BlockingIOError:
                continue
            if not piece:
                raise self._death()
            data += piece
        return bytes(data)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        left = deadline - time.monotonic()
        poller = select.poll()
        poller.register(descriptor, event)
        if left <= 0 or not poller.poll(left * 1000):
            raise _Lost(Outcome.CHILD_DEADLINE, f"no answer within {self._limits.wall_s:g} s")

    def _death(self) -> _Lost:
        """Why the pipe ended."""
        try:
            code = self._process.wait(GOODBYE_S)
        except subprocess.TimeoutExpired:
            return _Lost(Outcome.CHILD_CRASH, "the child closed its pipe")
        if code == -signal.SIGXCPU:
            return _Lost(Outcome.CHILD_DEADLINE, f"used {self._limits.cpu_s} s of processor time")
        if code < 0:
            return _Lost(Outcome.CHILD_CRASH, f"killed by {signal.Signals(-code).name}")
        return _Lost(Outcome.CHILD_CRASH, f"ended with code {code}{self._last_words()}")

    def _last_words(self) -> str:
        """The last line on its error channel: what kept it from starting."""
        assert self._process.stderr is not None  # noqa: S101 - asked for at the start
        try:
            said = os.read(self._process.stderr.fileno(), 65_536).decode("utf-8", "replace").strip()
        except OSError:
            return ""
        return f": {said.splitlines()[-1][:300]}" if said else ""


class ProcessSandbox:
    """The `Sandbox`: a few children, each with one document at a time; callers wait for a free one."""

    def __init__(
        self,
        limits: SandboxLimits | None = None,
        *,
        command: Sequence[str] = CHILD_COMMAND,
        warm: Sequence[str] = (),
    ) -> None:
        """Start the children; `warm` names the tasks whose libraries they load at once, while nobody waits."""
        self._limits = limits or SandboxLimits()
        self._command = command
        self._closed = False
        self._lock = threading.Lock()
        self._living: list[_Child] = []  # at work, free, or told to end
        self._free: queue.LifoQueue[_Child] = queue.LifoQueue()
        # A child ends with the thread that started it, so that none outlives the service, however that ends: callers'
        # threads come and go, this one stays.
        self._nursery = ThreadPoolExecutor(1, thread_name_prefix="sandbox-nursery")
        for _ in range(self._limits.children):
            self._free.put(self._start(warm))

    def run(self, task: str, payload: Mapping[str, Json], body: bytes = b"") -> dict[str, Json] | SandboxFailed:
        """Run `task` on `body`; blocks until answer, deadline or death of the child."""
        child = self._free.get()
        try:
            if not child.is_alive() and not self._closed:
                child = self._replace(child)
            if self._closed:
                return CLOSED
            answer = child.ask(task, payload, body)
        except _Lost as lost:
            child = self._replace(child)
            return CLOSED if self._closed else lost.failed  # no fault of the document's
        else:
            failed = _failure(answer)
            if child.documents >= self._limits.recycle_after or failed is not None:
                child = self._succeed(child)
            return answer if failed is None else failed
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End the children; a document under way is given up with its child after a moment."""
        self._closed = True
        ends_at = time.monotonic() + GOODBYE_S
        idle: list[_Child] = []
        while len(idle) < self._limits.children and (left := ends_at - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                idle.append(self._free.get(timeout=left))
                idle[-1].dismiss()
        with self._lock:
            living = list(self._living)
        for child in living:
            if child in idle or child.worked_off:
                child.bury(GOODBYE_S)
            else:
                child.kill()  # the thread that waits for it is told, and buries it
        for child in idle:
            self._free.put(child)  # for callers that still wait: they are told that it is closed
        self._nursery.shutdown(wait=False)

    # ------------------------------------------------------------ generations

    def _start(self, warm: Sequence[str]) -> _Child:
        child = self._nursery.submit(_Child, self._command, self._limits, warm).result()
        with self._lock:
            self._living.append(child)
        return child

    def _replace(self, child: _Child) -> _Child:
        """Bury a child that is of no more use."""
        child.bury()
        with self._lock:
            self._living.remove(child)
        return self._successor(child)

    def _succeed(self, child: _Child) -> _Child:
        """Let a child that did its share end by itself."""
        child.dismiss()
        with self._lock:
            gone = [one for one in self._living if one.worked_off and not one.is_alive()]
            self._living = [one for one in self._living if one not in gone]
        for one in gone:
            one.bury()
        return self._successor(child)

    def _successor(self, child: _Child) -> _Child:
        """A new child; once the sandbox is closed there is none to come."""
        with contextlib.suppress(RuntimeError):  # the nursery was closed at this very moment
            if not self._closed:
                return self._start(sorted(child.worked))
        return child


def _failure(answer: Mapping[str, Json]) -> SandboxFailed | None:
    """The child's own word for memory used up or a fault in a task; after either it is not trusted further."""
    label = answer.get("error")
    if label in {Outcome.CHILD_MEMORY, Outcome.INTERNAL}:
        return SandboxFailed(Outcome(label), str(answer.get("detail", ""))[:300])
    return None


def _environment() -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if name in _INHERITED or name.startswith(_INHERITED_PREFIXES)
    }
    return inherited | {"PYTHONPATH": str(PACKAGE_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
