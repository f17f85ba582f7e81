"""Signing in and out, and who may: shared by the command line and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.accounts import MAX_PASSWORD_CHARS, account_name, folded_name, foreign_name, refuse_weak, secret_sha
from monitor.domain.model.accounts import Account, AccountData, ApiToken, Role, SessionData
from monitor.domain.text import clean_line
from monitor.domain.wording import message
from monitor.errors import NotFound, Refused
from monitor.ports import Accounts, Identity, Secrets

MAX_BROWSER_CHARS = 200
TOKEN_PREFIX = "scm_"  # noqa: S105 - tools that look for leaked secrets find ours by it
_MANY_OF_ONE_NAME = 1_000

FIRST_IS_ADMIN = message("The first account must be an administrator's.")
PASSWORD_WRONG = message("The password that you have now is another one.")
NAME_UNKNOWN = message("There is no account of this name.")


@dataclass(frozen=True, slots=True)
class Accounting:
    """What signing in needs."""

    accounts: Accounts
    secrets: Secrets
    session_for: timedelta


def sign_in(name: str, password: str, accounting: Accounting) -> Account | None:
    """Whose name and password these are; takes equally long for names that do not exist (faults H9)."""
    account = accounting.accounts.by_name(folded_name(name))
    kept = accounting.accounts.password_hash(account.id if account is not None else 0)
    checked = accounting.secrets.check(password[:MAX_PASSWORD_CHARS], kept)
    if account is None or not checked.is_right:
        return None
    if checked.new_hash is not None:
        accounting.accounts.keep_hash(account.id, checked.new_hash)
    return account


def sign_in_identity(identity: Identity, role: Role, now: datetime, accounting: Accounting) -> Account:
    """The account of somebody whom the identity provider vouches for: made at the first time, the role as it is now."""
    known = accounting.accounts.by_subject(identity.subject)
    if known is None:
        name = _free_name(foreign_name(identity.name, identity.subject), accounting.accounts)
        return accounting.accounts.add(AccountData(name, role, now, subject=identity.subject))
    if known.role != role:
        accounting.accounts.set_role(known.id, role)
    return Account(known.id, known.name, role, known.created_at, known.external)


def _free_name(wanted: str, accounts: Accounts) -> str:
    """Of two people of one name the second gets a number: what was done in a name is done by one of them."""
    for number in range(1, _MANY_OF_ONE_NAME):
        name = wanted if number == 1 else f"{wanted}-{number}"
        if accounts.by_name(name) is None:
            return name
    raise Refused(f"too many accounts are called {wanted}")


def begin_session(account: Account, browser: str, address: str, now: datetime, accounting: Accounting) -> str:
    """Sign a browser in; the secret that it is to keep, new each time (faults H11)."""
    secret = accounting.secrets.new_token()
    browser, ends_at = clean_line(browser, MAX_BROWSER_CHARS), now + accounting.session_for
    accounting.accounts.open_session(SessionData(account.id, secret_sha(secret), now, ends_at, browser, address))
    return secret


def add_account(
    name: str, password: str | None, role: Role | None, now: datetime, accounting: Accounting
) -> tuple[Account, str]:
    """A new account and its password, made up where none is given. Without a role: an admin's the first, then readers'.

    Raises `Refused`.
    """
    name = account_name(name)
    is_first = accounting.accounts.is_empty()
    role = role or (Role.ADMIN if is_first else Role.READER)
    if is_first and role < Role.ADMIN:
        raise Refused(FIRST_IS_ADMIN)
    chosen = password if password is not None else accounting.secrets.new_password()
    refuse_weak(chosen, name)
    return accounting.accounts.add(AccountData(name, role, now, accounting.secrets.hash(chosen))), chosen


def set_password(account: Account, password: str | None, accounting: Accounting) -> str:
    """Give an account another password, made up where none is given; ends its sessions. Raises `Refused`."""
    chosen = password if password is not None else accounting.secrets.new_password()
    refuse_weak(chosen, account.name)
    accounting.accounts.set_password(account.id, accounting.secrets.hash(chosen))
    return chosen


def change_password(account: Account, old: str, new: str, accounting: Accounting) -> None:
    """As `set_password`, by somebody who knows the old one. Raises `Refused`."""
    kept = accounting.accounts.password_hash(account.id)
    if not accounting.secrets.check(old[:MAX_PASSWORD_CHARS], kept).is_right:
        raise Refused(PASSWORD_WRONG)
    set_password(account, new, accounting)


def account_named(name: str, accounts: Accounts) -> Account:
    """Raises `NotFound`."""
    found = accounts.by_name(folded_name(name))
    if found is None:
        raise NotFound(NAME_UNKNOWN)
    return found


def add_token(name: str, now: datetime, accounting: Accounting) -> tuple[ApiToken, str]:
    """A token that reads the API, and its secret, which nobody can look up later. Raises `Refused`."""
    secret = TOKEN_PREFIX + accounting.secrets.new_token()
    return accounting.accounts.add_token(account_name(name), Role.READER, secret_sha(secret), now), secret
