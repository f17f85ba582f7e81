"""Tasks that misbehave on purpose, served by the real loop in a real child."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from monitor.adapters.children.loop import Refused, serve

HERE = "tests.adapters.child_tasks"


def echo(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"payload": payload, "body": body.decode("latin-1"), "pid": os.getpid()}


def size(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"size": len(body), "answer": "x" * int(payload["answer"])}


def crash(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    os.kill(os.getpid(), getattr(signal, payload["signal"]))
    time.sleep(10)
    return {}


def leave(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    os._exit(int(payload["code"]))


def sleep(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    time.sleep(float(payload["seconds"]))
    return {"pid": os.getpid()}


def spin(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    while True:
        pass


def swell(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    kept = []
    while True:
        kept.append(bytearray(16 * 1024 * 1024))


def recurse(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    return recurse(payload, body)


def fail(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    raise RuntimeError("out of order")


def refuse(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    raise Refused("no-text", "nothing here")


def chatter(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    print("noise on standard output")
    os.write(1, b"more noise")
    sys.stderr.write("e" * 200_000)
    return {"said": True}


def surrogate(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"text": "\ud800"}


def garbage(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"pid": os.write(3 if payload.get("channel") == 3 else 4, b"\x00\x00\x00\x05wrong")}


def escape(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    tried: dict[str, Any] = {}
    for name, attempt in {
        "connect": lambda: socket.create_connection(("127.0.0.1", int(payload["port"])), 1),
        "spawn": lambda: subprocess.run(["true"], check=True),
        "write": lambda: Path(payload["file"]).write_text("x", encoding="utf-8"),
        "remove": lambda: Path(payload["existing"]).unlink(),
    }.items():
        try:
            attempt()
            tried[name] = "done"
        except OSError as error:
            tried[name] = type(error).__name__
    return tried | {"secret": os.environ.get("MONITOR_TEST_SECRET", "unknown")}


def escape_natively(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What native code would do: the C library is asked, not Python."""
    library = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_char_p * 2)(b"true", None)
    attempts = {
        "fork": library.fork,
        "exec": lambda: library.execv(b"/bin/true", arguments),
        "socket": lambda: library.socket(socket.AF_INET, socket.SOCK_STREAM, 0),
        "local-socket": lambda: library.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0),
    }
    tried = {}
    for name, attempt in attempts.items():
        result = attempt()
        if name == "fork" and result == 0:
            os._exit(0)
        tried[name] = os.strerror(ctypes.get_errno()) if result == -1 else "done"
    return tried


def surroundings(payload: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The network devices there are, and that threads still start."""
    lines = Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines()[2:]
    said: list[str] = []
    thread = threading.Thread(target=said.append, args=("ran",))
    thread.start()
    thread.join()
    return {"devices": [line.partition(":")[0].strip() for line in lines], "thread": said}


TASKS = {
    name: f"{HERE}:{name}"
    for name in ("echo", "size", "crash", "leave", "sleep", "spin", "swell", "recurse", "fail", "refuse", "chatter",
                 "surrogate", "garbage", "escape", "escape_natively", "surroundings")
} | {"missing": "tests.adapters.no_such_module:task"}  # fmt: skip

if __name__ == "__main__":
    serve(TASKS, sys.argv[1])
