"""Every row of sections A to D of the fault matrix has a test in this folder, or a reason why not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
ROWS = [
    f"{section.upper()}{number}"
    for section, count in (("a", 32), ("b", 15), ("c", 25), ("d", 12))
    for number in range(1, count + 1)
]
# Rows judged wrong, or proved by a test elsewhere: where, and why.
ELSEWHERE: dict[str, str] = {
    "C25": "tests/shared/test_real_feeds_parse.py: the fixtures are no part of this checkout",
}
_ROW = re.compile(r"_([abcd])(\d\d)(?=_|$)")


def functions_of_tests() -> Iterator[tuple[str, str]]:
    """File and name of every test function here."""
    for path in sorted(FOLDER.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield path.name, node.name


@cache
def covered() -> frozenset[str]:
    return frozenset(
        f"{section.upper()}{int(number)}"
        for file, name in functions_of_tests()
        if file != Path(__file__).name
        for section, number in _ROW.findall(name)
    )


@pytest.mark.parametrize("row", ROWS)
def test_the_row_has_a_test(row: str) -> None:
    assert (row in covered()) != (row in ELSEWHERE), f"{row} needs a test, or a reason in ELSEWHERE, and not both"


def test_no_test_is_named_after_a_row_that_is_none() -> None:
    assert covered() <= set(ROWS)
