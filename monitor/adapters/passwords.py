"""Passwords by argon2id, and secrets that nobody can guess."""

from __future__ import annotations

import secrets
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.ports import PasswordCheck

# Above what OWASP asks for at least (19 MiB twice over), in one lane: about a quarter of a second of a slow core.
TIME_COST = 2
MEMORY_KIB = 32 * 1024
# More at once would take memory and cores from the rest of the program: others wait in line.
AT_ONCE = 2

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike
_GROUPS, _GROUP_CHARS = 4, 5  # 100 random bits
_TOKEN_BYTES = 32


class Argon2Secrets:
    """The port `Secrets`."""

    def __init__(self, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._turn = BoundedSemaphore(AT_ONCE)
        self._of_nobody = self._hasher.hash(secrets.token_urlsafe(_TOKEN_BYTES))

    def hash(self, password: str) -> str:
        """See the port."""
        with self._turn:
            return self._hasher.hash(_normal(password))

    def check(self, password: str, kept: str | None) -> PasswordCheck:
        """See the port."""
        with self._turn:
            try:
                self._hasher.verify(kept or self._of_nobody, _normal(password))
            except (VerificationError, InvalidHashError):
                return PasswordCheck(False)
        if kept is None:
            return PasswordCheck(False)
        return PasswordCheck(True, self.hash(password) if self._hasher.check_needs_rehash(kept) else None)

    def new_password(self) -> str:
        """See the port."""
        groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))
        return "-".join(groups)

    def new_token(self) -> str:
        """See the port."""
        return secrets.token_urlsafe(_TOKEN_BYTES)


def _normal(password: str) -> str:
    """Keyboards write the same letter in several ways (RFC 8265, section 4.2)."""
    return unicodedata.normalize("NFC", password)
