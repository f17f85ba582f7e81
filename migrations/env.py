"""Run by alembic: by the program itself with a connection of its own, or from a checkout:

alembic -x url=sqlite:////path/to/monitor.db upgrade head
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection

from monitor.adapters.storage.engines import migration_engine, parse_url
from monitor.adapters.storage.schema import check_foreign_keys
from monitor.adapters.storage.tables import METADATA


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Whether autogenerate should compare it: the text index is the dialect's own."""
    del parents
    return kind != "table" or not (name or "").startswith("search_text")


def after_each(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    """Inside the transaction of each revision."""
    del step, heads, run_args
    if ctx.connection is not None:
        check_foreign_keys(ctx.connection)


def run(connection: Connection) -> None:
    """Each revision in a transaction of its own."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=is_ours,
        on_version_apply=after_each,
        transaction_per_migration=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    url = context.get_x_argument(as_dictionary=True).get("url")
    if url is None:
        raise SystemExit("say which database: alembic -x url=sqlite:////path/to/monitor.db ...")
    with migration_engine(parse_url(url)).connect() as connection:
        run(connection)


main()
