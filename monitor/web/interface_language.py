"""In which language a visitor reads the pages: chosen, else the browser's, else the operator's."""

from __future__ import annotations

from fastapi import Request

# By the name that its speakers call it.
INTERFACE_LANGUAGES = {"en": "English", "fr": "Français", "zh": "中文", "vi": "Tiếng Việt"}
LANGUAGE_COOKIE = "monitor_language"


def chosen_language(request: Request, default: str) -> str:
    """A key of `INTERFACE_LANGUAGES`."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in INTERFACE_LANGUAGES:
        return chosen
    for wanted in _accepted(request.headers.get("accept-language", "")):
        if wanted in INTERFACE_LANGUAGES:
            return wanted
    return default if default in INTERFACE_LANGUAGES else "en"


def _accepted(header: str) -> list[str]:
    """Languages by falling weight (RFC 9110, section 12.5.4); what cannot be read is left out."""
    weighed: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            weighed.append((weight, tag.partition("-")[0].lower()))
    return [tag for _, tag in sorted(weighed, key=lambda one: -one[0])]
