"""`monitor user` and `monitor token`: who signs in to the pages, and which programs read the API."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from monitor.cli.context import JsonOption, fail, opened, out, print_json, print_table
from monitor.domain.model.accounts import Role
from monitor.pipeline.accounts import account_named, add_account, add_token, set_password

user_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
token_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

NameArgument = Annotated[str, typer.Argument(help="Name to sign in with.")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
GenerateOption = Annotated[bool, typer.Option("--generate", help="Make up a password and print it.")]


class RoleName(StrEnum):
    """Roles as they are typed."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMIN = "admin"


@user_app.command("add")
def add(
    ctx: typer.Context,
    name: NameArgument,
    role: Annotated[
        RoleName | None, typer.Option("--role", help="By default admin for the first account, reader for others.")
    ] = None,
    password_stdin: StdinOption = False,
    generate: GenerateOption = False,
) -> None:
    """Add an account; the password is asked for."""
    chosen = Role[role.name] if role is not None else None
    with opened(ctx) as app:
        given = _password(password_stdin, generate)
        account, password = add_account(name, given, chosen, app.clock(), app.accounting)
    out.print(f"added {account.name}, {RoleName[account.role.name].value}", markup=False)
    _tell(password, given)


@user_app.command("passwd")
def passwd(
    ctx: typer.Context, name: NameArgument, password_stdin: StdinOption = False, generate: GenerateOption = False
) -> None:
    """Give an account another password; it is signed out everywhere."""
    with opened(ctx) as app:
        account = account_named(name, app.database.accounts)
        given = _password(password_stdin, generate)
        password = set_password(account, given, app.accounting)
    out.print(f"changed the password of {account.name}", markup=False)
    _tell(password, given)


@user_app.command("role")
def change_role(ctx: typer.Context, name: NameArgument, role: RoleName) -> None:
    """Let somebody do more or less."""
    with opened(ctx) as app:
        account = account_named(name, app.database.accounts)
        app.database.accounts.set_role(account.id, Role[role.name])
    out.print(f"{account.name} is {role.value} now", markup=False)


@user_app.command("remove")
def remove(ctx: typer.Context, name: NameArgument) -> None:
    """Take an account away, with its sessions; what was done in its name stays."""
    with opened(ctx) as app:
        account = account_named(name, app.database.accounts)
        app.database.accounts.remove(account.id)
    out.print(f"removed {account.name}", markup=False)


@user_app.command("list")
def list_users(ctx: typer.Context, json: JsonOption = False) -> None:
    """All accounts."""
    with opened(ctx) as app:
        accounts = app.database.accounts.all()
    shown = [
        (one.name, RoleName[one.role.name].value, "elsewhere" if one.external else "password", one.created_at)
        for one in accounts
    ]
    columns = ("name", "role", "signs in by", "since")
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in shown])
        return
    print_table("Accounts", columns, shown, "There are no accounts: `monitor user add NAME` makes the first.")


@token_app.command("add")
def new_token(ctx: typer.Context, name: Annotated[str, typer.Argument(help="Name of the program.")]) -> None:
    """Make a token that reads the API; it is printed once."""
    with opened(ctx) as app:
        _, secret = add_token(name, app.clock(), app.accounting)
    out.print(secret, markup=False)


@token_app.command("list")
def list_tokens(ctx: typer.Context, json: JsonOption = False) -> None:
    """All tokens, without their secrets."""
    with opened(ctx) as app:
        tokens = app.database.accounts.tokens()
    shown = [(one.name, RoleName[one.role.name].value, one.created_at, one.last_used_at) for one in tokens]
    columns = ("name", "role", "since", "last used")
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in shown])
        return
    print_table("Tokens", columns, shown, "There are no tokens: `monitor token add NAME` makes one.")


@token_app.command("revoke")
def revoke(ctx: typer.Context, name: Annotated[str, typer.Argument(help="Name of the program.")]) -> None:
    """Lock a program out."""
    with opened(ctx) as app:
        app.database.accounts.revoke_token(name)
    out.print(f"revoked {name}", markup=False)


def _password(from_stdin: bool, generate: bool) -> str | None:
    """What the operator gives; None: make one up."""
    if generate and from_stdin:
        raise fail("either --generate or --password-stdin")
    if generate:
        return None
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise fail("there is no terminal to ask at: use --password-stdin or --generate")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt="Once more"))


def _tell(password: str, given: str | None) -> None:
    if given is None:
        out.print(f"password: {password}", markup=False)
