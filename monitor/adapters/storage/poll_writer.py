"""Polls of many threads, written together: a commit costs as much for twenty feeds as for one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.adapters.storage import polls
from monitor.adapters.storage.engines import Engines
from monitor.domain.model.sources import PollIntent


def _locked() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True)
class _Ticket:
    """One thread's polls on their way."""

    intents: Sequence[PollIntent]
    call: threading.Lock = field(default_factory=_locked)  # freed once, to call; an `Event` is ten times as dear
    is_called: bool = False
    is_written: bool = False
    failure: BaseException | None = None

    def wake(self) -> None:
        """Call the thread, which may wait or not; under the writer's lock."""
        if not self.is_called:
            self.is_called = True
            self.call.release()


class PollWriter:
    """Whoever comes first writes; who comes while he does waits, and is written with all that wait, by one of them."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._lock = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._is_busy = False

    def write(self, intents: Sequence[PollIntent]) -> None:
        """Durable when it returns; raises what writing these polls raised."""
        ticket = _Ticket(intents)
        with self._lock:
            self._waiting.append(ticket)
            leads = not self._is_busy
            self._is_busy = True
        if not leads:
            ticket.call.acquire()
        if not ticket.is_written and ticket.failure is None:
            self._lead()
        if ticket.failure is not None:
            raise ticket.failure

    def _lead(self) -> None:
        """Write all that wait, then let the next one lead."""
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            self._write(batch)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._is_busy = following is not None
                for one in batch if following is None else (*batch, following):
                    one.wake()

    def _write(self, batch: Sequence[_Ticket]) -> None:
        try:
            self._commit([intent for one in batch for intent in one.intents])
        except Exception as error:  # noqa: BLE001 - each is told of its own fault only
            if len(batch) == 1:
                batch[0].failure = error
                return
            for one in batch:
                self._write([one])
        except BaseException as error:
            for one in batch:
                one.failure = error  # whoever writes is ended: nobody may take his polls for written
            raise
        else:
            for one in batch:
                one.is_written = True

    def _commit(self, intents: Sequence[PollIntent]) -> None:
        with self._engines.writer.begin() as connection:
            polls.apply_polls(connection, intents)
