"""Which canonical link is believed: AMP, print and mobile copies lead to one article, careless templates to none."""

from __future__ import annotations

from urllib.parse import urlsplit

from monitor.domain.urls import host_of, same_site, url_key


def article_url(found: str, canonical: str | None) -> str:
    """The address of the article at `found`: its canonical link where that is believed, else `found`.

    Not believed, since one false link joins all articles of a site into one: a link to another site (faults D11), to a
    front page, or to the page's own address without the number that tells its articles apart.
    """
    if canonical is None or not same_site(host_of(canonical) or "", host_of(found) or ""):
        return found
    return found if _is_front_page(canonical) or _drops_number(canonical, found) else canonical


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _drops_number(canonical: str, found: str) -> bool:
    path, _, query = url_key(found).partition("?")
    return any(char.isdigit() for char in query) and url_key(canonical) == path
