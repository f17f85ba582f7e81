"""What a visitor is told instead of a page."""

from __future__ import annotations


class Refusal(Exception):
    """Ends a request with a page that says what to do; `message` is English and translated where it is shown."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
