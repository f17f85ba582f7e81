"""Telling the language of a text: the `LanguageIdentifier` over the sandbox, where its models live."""

from __future__ import annotations

from monitor.ports import Sandbox, SandboxFailed

SAMPLE_CHARS = 400  # design section 3


class SandboxLanguageIdentifier:
    """The `LanguageIdentifier`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def identify(self, text: str, declared: str | None = None) -> str | None:
        """By the first 400 characters; a child that fails leaves the declared language."""
        answer = self._sandbox.run("identify-language", {"text": text[:SAMPLE_CHARS], "declared": declared})
        if isinstance(answer, SandboxFailed):
            return declared
        language = answer.get("language")
        return language if isinstance(language, str) else declared
