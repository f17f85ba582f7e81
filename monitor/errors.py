"""The errors of this program.

MonitorError                 anything this program raises on purpose
├── ConfigurationError       settings, sources or a seed record that the operator must mend (exit 2)
├── AlreadyRunning           another process holds the instance lock of this database
├── NotFound                 an id or key that the archive does not hold
├── Refused                  a correction that contradicts what stands in the archive
│   └── Overtaken            somebody corrected the same since the corrector looked at it
└── StorageError             the database could not do what was asked
    ├── StorageBusy          locked or serialisation failure: the same call may work later
    ├── StorageNewer         the database was written by a newer version: refused, nothing touched
    └── StorageDamaged       the file is no database or fails its check: refused, nothing touched

Expected failures of the outside world (a dead feed, a refused mail) are no exceptions: they are values that carry an
`Outcome` (see `monitor.domain.outcomes`).
"""

from __future__ import annotations


class MonitorError(Exception):
    """Anything this program raises on purpose; its text is one line that a person can act on."""


class ConfigurationError(MonitorError):
    """Something the operator wrote is wrong; the text names file, key and what is allowed."""


class AlreadyRunning(MonitorError):
    """Another process holds the instance lock of this database."""


class NotFound(MonitorError):
    """The archive holds nothing under that id or key."""


class Refused(MonitorError):
    """A correction that contradicts what stands in the archive; the text says what to do instead.

    Its `message`, with the `values` of its fields, is one for the catalogues where pages show it.
    """

    def __init__(self, message: str = "", /, **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message = message
        self.values = values


class Overtaken(Refused):
    """Somebody corrected the same since the corrector looked at it; nothing was changed."""


class StorageError(MonitorError):
    """The database could not do what was asked; the cause is chained."""


class StorageBusy(StorageError):
    """Locked or a serialisation failure: the same call may work later."""


class StorageNewer(StorageError):
    """The database was written by a newer version of this program; nothing was touched."""


class StorageDamaged(StorageError):
    """The file is no database of ours or fails its integrity check; nothing was touched."""
