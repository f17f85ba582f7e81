"""Who may see and change what: accounts, secrets, an identity provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.domain.model.accounts import Account, AccountData, ApiToken, Role, SessionData, WebSession


class Accounts(Protocol):
    """Who may sign in, who is signed in, and which programs may read. Each call is a transaction of its own; may be
    used from any thread. Secrets of sessions and tokens are known by their sha256 only.
    """

    def is_empty(self) -> bool:
        """Whether there are no accounts."""
        ...

    def all(self) -> tuple[Account, ...]:
        """By name."""
        ...

    def by_name(self, name: str) -> Account | None:
        """The account of a name, written as `domain.accounts.folded_name` does."""
        ...

    def by_subject(self, subject: str) -> Account | None:
        """The account of somebody whom an identity provider knows."""
        ...

    def password_hash(self, account_id: int) -> str | None:
        """None: signs in elsewhere, or is gone."""
        ...

    def add(self, data: AccountData) -> Account:
        """A new account; raises `Refused` where the name is taken."""
        ...

    def keep_hash(self, account_id: int, password_hash: str) -> None:
        """The same password, hashed anew: nobody notices."""
        ...

    def set_password(self, account_id: int, password_hash: str) -> None:
        """Another password: ends all sessions of the account. Raises `NotFound`, and `Refused` for one that signs in
        elsewhere.
        """
        ...

    def set_role(self, account_id: int, role: Role) -> None:
        """Raises `NotFound`, and `Refused` where no admin would be left."""
        ...

    def remove(self, account_id: int) -> None:
        """With its sessions. Raises `NotFound`, and `Refused` where others would be left without an admin."""
        ...

    def open_session(self, data: SessionData) -> None:
        """Keep a sign-in; those that are over are forgotten."""
        ...

    def signed_in(self, secret_sha: str, now: datetime) -> Account | None:
        """Whose session it is; None: nobody's, or it is over."""
        ...

    def sessions(self, account_id: int, now: datetime, this_sha: str = "") -> tuple[WebSession, ...]:
        """The sessions of an account, the latest first."""
        ...

    def end_session(self, secret_sha: str) -> None:
        """Sign one browser out; nothing happens where there is no such session."""
        ...

    def end_sessions(self, account_id: int, but_sha: str = "") -> int:
        """Sign an account out everywhere, but for that one browser; how many sessions ended."""
        ...

    def add_token(self, name: str, role: Role, secret_sha: str, now: datetime) -> ApiToken:
        """A new token; raises `Refused` where the name is taken."""
        ...

    def tokens(self) -> tuple[ApiToken, ...]:
        """By name."""
        ...

    def token(self, secret_sha: str, now: datetime) -> ApiToken | None:
        """The token with that secret, its last use noted to the hour; None: there is none, or it was revoked."""
        ...

    def revoke_token(self, name: str) -> None:
        """Raises `NotFound`."""
        ...


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether a password was the right one."""

    is_right: bool
    new_hash: str | None = None  # to be kept instead: the old one was made with weaker parameters


class Secrets(Protocol):
    """Hashes passwords and makes up secrets. Takes tens of milliseconds of a core on purpose."""

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        ...

    def check(self, password: str, kept: str | None) -> PasswordCheck:
        """Compare; without anything kept it takes as long and is wrong (faults H9)."""
        ...

    def new_password(self) -> str:
        """One that can be read out and typed."""
        ...

    def new_token(self) -> str:
        """256 random bits for a cookie or a header."""
        ...


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """A visitor on the way to the identity provider."""

    address: str  # where the browser goes
    state: str  # comes back with the browser
    nonce: str  # comes back within the signed answer
    verifier: str  # proves that who redeems the code is who asked for it (RFC 7636)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whom the identity provider vouches for."""

    subject: str  # the provider and its own id of the person: never changes, never given away again
    name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class IdentityRefused:
    """Nobody is vouched for; `why` is for the log, not for visitors."""

    why: str


class IdentityProvider(Protocol):
    """Signs people in elsewhere (OpenID Connect). May be used from any thread."""

    def ask(self) -> SignInRequest | IdentityRefused:
        """Begin; refused where the provider cannot be reached."""
        ...

    def redeem(self, code: str, asked: SignInRequest) -> Identity | IdentityRefused:
        """What the provider says of who came back with `code`."""
        ...
