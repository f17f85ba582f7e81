"""What import contracts cannot see: the clock, files, environment and printing stay out of the core."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "monitor"
PURE = ("domain", "pipeline", "ports")
CORE = sorted([*(one for name in PURE for one in (ROOT / name).rglob("*.py")), ROOT / "errors.py"])
FORBIDDEN_CALLS = {"open", "print", "input", "exec", "eval"}
FORBIDDEN_ATTRIBUTES = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "sleep"),
    ("os", "environ"),
    ("os", "getenv"),
    ("Path", "cwd"),
    ("Path", "home"),
}


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_reads_no_clock_no_file_and_no_environment(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, f"line {node.lineno}: {node.func.id}()"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in FORBIDDEN_ATTRIBUTES, f"line {node.lineno}"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_one_module_speaks_http(path: Path) -> None:
    """Every request goes through the guard; slack_sdk speaks for itself to addresses that the operator typed."""
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else name.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in node.names
    }
    clients = {name for name in imported if name.split(".")[0] in {"httpx", "requests", "urllib3", "aiohttp"}}
    clients |= imported & {"urllib.request", "http.client"}
    if not path.name.startswith("http") and path.name != "slack.py":
        assert not clients
