"""What holds for every account: how names are written, which passwords will do, which role a group gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from hashlib import sha256

from monitor.domain.model.accounts import Role
from monitor.domain.text import clean_line
from monitor.domain.wording import message
from monitor.errors import Refused

MAX_NAME_CHARS = 64
MIN_PASSWORD_CHARS = 12  # NIST SP 800-63B-4 asks for 15 where it is the only secret, 8 at the least; nothing else of it
FEWEST_SIGNS = 4  # different ones, and beside the name
MAX_PASSWORD_CHARS = 1_000  # hashing is dear: nobody makes us hash a book

NAME_UNUSABLE = message("A name has 1 to 64 letters, digits and the signs . _ - + @, and no spaces.")
PASSWORD_SHORT = message("A password needs at least 12 characters. Three or four words that do not belong together do.")
PASSWORD_LONG = message("A password may have at most 1,000 characters.")
PASSWORD_OBVIOUS = message("This password is too easy to guess: it is the name, or one sign again and again.")


def account_name(text: str) -> str:
    """The one way a name is written; raises `Refused` for what is none."""
    name = folded_name(text)
    usable = all(char.isalnum() or unicodedata.combining(char) or char in "._-+@" for char in name)
    if not name or len(name) > MAX_NAME_CHARS or not usable:
        raise Refused(NAME_UNUSABLE)
    return name


def folded_name(text: str) -> str:
    """What somebody typed, as names are kept: capitals and the width of letters make no difference."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:1_000]).casefold()).strip()


def foreign_name(text: str, subject: str) -> str:
    """A name for somebody whom an identity provider named; what cannot be a name of ours is left out."""
    kept = "".join(char if char.isalnum() or char in "._-+@" else "-" for char in folded_name(clean_line(text, 200)))
    return kept.strip("-")[:MAX_NAME_CHARS] or f"user-{sha256(subject.encode()).hexdigest()[:8]}"


def refuse_weak(password: str, name: str) -> None:
    """Raises `Refused` for a password that will not do."""
    if len(password) < MIN_PASSWORD_CHARS:
        raise Refused(PASSWORD_SHORT)
    if len(password) > MAX_PASSWORD_CHARS:
        raise Refused(PASSWORD_LONG)
    if len(set(password)) < FEWEST_SIGNS or len(password.casefold().replace(name, "")) < FEWEST_SIGNS:
        raise Refused(PASSWORD_OBVIOUS)


def role_of_groups(groups: Collection[str], roles: Mapping[str, Role], default: Role | None) -> Role | None:
    """The most that any of the groups allows; None: whoever is in none of them may not come in."""
    given = [roles[one] for one in groups if one in roles]
    return max(given, default=default)


def secret_sha(secret: str) -> str:
    """How a session or API token is kept: it is long and random, so a plain hash cannot be turned back."""
    return sha256(secret.encode()).hexdigest()
