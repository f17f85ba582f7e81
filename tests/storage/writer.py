"""A process that writes until it is killed."""

from __future__ import annotations

import itertools
from multiprocessing.connection import Connection
from pathlib import Path

from monitor.adapters.storage.database import open_database
from tests.storage.samples import NOW, article, decision, opening


def write_until_killed(url: str, migrations: str, first: int, acknowledge: Connection[int, object]) -> None:
    """Store an article with an event in each transaction, and tell its number once it is committed."""
    database = open_database(url, Path(migrations))
    for number in itertools.count(first):
        told = article(f"A{number}", "word " * 200)
        with database.units() as unit:
            unit.apply(decision(told, f"https://a.example/{number}", [opening()], now=NOW), told, None, None)
            unit.commit()
        acknowledge.send(number)
