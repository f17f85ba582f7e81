"""Children that crash, hang, swell and lie cost their document and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
from monitor.domain.outcomes import Outcome
from monitor.ports import SandboxFailed
from tests.adapters.hostile import answer, saying, serving

COMMAND = (sys.executable, "-m", "tests.adapters.child_tasks")
MIB = 1024 * 1024

Make = Callable[..., ProcessSandbox]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[ProcessSandbox] = []

    def sandbox(warm: tuple[str, ...] = (), command: tuple[str, ...] = COMMAND, **limits: Any) -> ProcessSandbox:
        settings = {"children": 1, "memory_bytes": 400 * MIB, "wall_s": 5.0, "cpu_s": 3} | limits
        made.append(ProcessSandbox(SandboxLimits(**settings), command=command, warm=warm))
        return made[-1]

    yield sandbox
    for one in made:
        one.close()


def failed(result: object) -> SandboxFailed:
    assert isinstance(result, SandboxFailed), result
    return result


def pid(sandbox: ProcessSandbox) -> int:
    result = sandbox.run("echo", {})
    assert isinstance(result, dict), result
    return int(result["pid"])


def test_a_task_gets_payload_and_body_and_the_child_stays(make: Make) -> None:
    sandbox = make()
    result = sandbox.run("echo", {"a": ["ü", 1, None]}, b"\x00\xffbytes")
    assert isinstance(result, dict)
    assert (result["payload"], result["body"]) == ({"a": ["ü", 1, None]}, "\x00ÿbytes")
    assert pid(sandbox) == result["pid"] != os.getpid()


def test_large_frames_pass_both_ways(make: Make) -> None:
    result = make().run("size", {"answer": 5 * MIB}, b"b" * (10 * MIB))
    assert isinstance(result, dict)
    assert (result["size"], len(result["answer"])) == (10 * MIB, 5 * MIB)


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_a_crash_is_reported_and_the_next_document_is_served(make: Make, name: str) -> None:
    sandbox = make()
    result = failed(sandbox.run("crash", {"signal": name}))
    assert (result.outcome, result.detail) == (Outcome.CHILD_CRASH, f"killed by {name}")
    assert pid(sandbox)


def test_an_exit_without_answer_is_a_crash(make: Make) -> None:
    sandbox = make()
    assert failed(sandbox.run("leave", {"code": 0})).outcome is Outcome.CHILD_CRASH
    assert pid(sandbox)


def test_a_child_that_hangs_is_killed_at_the_deadline(make: Make) -> None:
    sandbox = make(wall_s=0.5)
    before = pid(sandbox)
    began = time.monotonic()
    assert failed(sandbox.run("sleep", {"seconds": 30})).outcome is Outcome.CHILD_DEADLINE
    assert time.monotonic() - began < 2
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert pid(sandbox) != before


def test_processor_time_is_limited_per_document(make: Make) -> None:
    sandbox = make(cpu_s=1, wall_s=20)
    began = time.monotonic()
    result = failed(sandbox.run("spin", {}))
    assert result.outcome is Outcome.CHILD_DEADLINE
    assert "processor time" in result.detail
    assert time.monotonic() - began < 10


def test_memory_is_limited(make: Make) -> None:
    sandbox = make()
    before = pid(sandbox)
    assert failed(sandbox.run("swell", {})).outcome is Outcome.CHILD_MEMORY
    assert pid(sandbox) != before


@pytest.mark.parametrize(
    ("task", "detail"), [("fail", "RuntimeError: out of order"), ("recurse", "RecursionError"), ("nothing", "KeyError")]
)
def test_a_fault_in_a_task_is_internal(make: Make, task: str, detail: str) -> None:
    sandbox = make()
    result = failed(sandbox.run(task, {}))
    assert result.outcome is Outcome.INTERNAL
    assert result.detail.startswith(detail)
    assert pid(sandbox)


def test_a_refusal_is_an_answer(make: Make) -> None:
    assert make().run("refuse", {}) == {"error": "no-text", "detail": "nothing here"}


def test_noise_of_libraries_does_not_reach_the_frames(make: Make) -> None:
    sandbox = make()
    assert sandbox.run("chatter", {}) == {"said": True}
    assert pid(sandbox)


def test_lone_surrogates_survive_the_frame(make: Make) -> None:
    assert make().run("surrogate", {}) == {"text": "\ud800"}


@pytest.mark.parametrize("channel", [3, 4])
def test_garbage_in_the_frames_costs_the_child_only(make: Make, channel: int) -> None:
    sandbox = make()
    assert failed(sandbox.run("garbage", {"channel": channel})).outcome in {Outcome.CHILD_CRASH, Outcome.INTERNAL}
    assert pid(sandbox)


def test_a_child_killed_while_idle_is_replaced_unnoticed(make: Make) -> None:
    sandbox = make()
    victim = pid(sandbox)
    os.kill(victim, signal.SIGKILL)
    time.sleep(0.1)
    assert pid(sandbox) not in {victim, 0}


def test_children_are_recycled_and_leave_no_zombies(make: Make) -> None:
    sandbox = make(recycle_after=3)
    pids = [pid(sandbox) for _ in range(9)]
    assert [pids.count(one) for one in dict.fromkeys(pids)] == [3, 3, 3]
    sandbox.close()
    for one in set(pids):
        with pytest.raises(ProcessLookupError):
            os.kill(one, 0)


def test_documents_run_side_by_side_and_wait_for_a_free_child(make: Make) -> None:
    sandbox = make(children=2)
    for _ in range(2):
        pid(sandbox)
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.append(sandbox.run("sleep", {"seconds": 0.4}))) for _ in range(4)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    took = time.monotonic() - began
    assert {isinstance(result, dict) for result in results} == {True}
    assert len({result["pid"] for result in results if isinstance(result, dict)}) == 2
    assert 0.8 <= took < 1.6


def test_many_threads_get_their_own_answers(make: Make) -> None:
    sandbox = make(children=2, recycle_after=7)
    wrong: list[object] = []

    def ask(number: int) -> None:
        for step in range(10):
            result = sandbox.run("echo", {"n": [number, step]}, b"x" * 1000)
            if not isinstance(result, dict) or result["payload"] != {"n": [number, step]}:
                wrong.append(result)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_a_child_has_no_network_no_processes_no_files_and_no_secrets(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_TEST_SECRET", "canary")
    existing = tmp_path / "existing"
    existing.touch()
    with serving(saying(answer(b""))) as canary:
        payload = {"port": canary.port, "file": str(tmp_path / "new"), "existing": str(existing)}
        result = make().run("escape", payload)
        assert canary.connections == 0
    assert result == {
        "connect": "PermissionError",
        "spawn": "PermissionError",
        "write": "PermissionError",
        "remove": "PermissionError",
        "secret": "unknown",
    }
    assert existing.exists()
    assert not (tmp_path / "new").exists()


def means(sandbox: ProcessSandbox) -> tuple[str, ...]:
    """What the kernel of this machine grants a child."""
    assert pid(sandbox)
    (child,) = sandbox._living
    return child.means


def test_native_code_in_a_child_starts_no_process_and_opens_no_socket(make: Make) -> None:
    sandbox = make()
    if "no-processes" not in means(sandbox):
        pytest.skip("the kernel does not let a process filter its calls here")
    refused = "Operation not permitted"
    assert sandbox.run("escape_natively", {}) == {
        "fork": refused,
        "exec": refused,
        "socket": refused,
        "local-socket": refused,
    }
    assert pid(sandbox)


def test_a_child_is_alone_in_its_network_and_may_still_start_threads(make: Make) -> None:
    sandbox = make()
    if "own-network" not in means(sandbox):
        pytest.skip("the kernel grants no network namespace here")
    assert sandbox.run("surroundings", {}) == {"devices": ["lo"], "thread": ["ran"]}


PARENT = """
import sys, time
from monitor.adapters.sandbox import ProcessSandbox, SandboxLimits
command = (sys.executable, "-m", "tests.adapters.child_tasks")
sandbox = ProcessSandbox(SandboxLimits(children=1, wall_s=60.0), command=command)
print(sandbox.run("echo", {})["pid"], flush=True)
if sys.argv[1] == "busy":
    sandbox.run("sleep", {"seconds": 60})
time.sleep(60)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_no_child_outlives_a_service_that_is_killed(state: str) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, state], stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            child = int(parent.stdout.readline())
            if state == "busy":
                time.sleep(0.3)
        finally:
            parent.kill()
    wait_until_gone(child)


def wait_until_gone(process: int) -> None:
    end = time.monotonic() + 5
    while is_running(process):
        assert time.monotonic() < end, "the child lives on"
        time.sleep(0.02)


def is_running(process: int) -> bool:
    """Whether it does more than wait to be buried by whoever inherited it."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_child_stays_when_the_thread_that_first_needed_it_ends(make: Make) -> None:
    sandbox = make()
    first: list[int] = []

    def crash_and_ask() -> None:
        failed(sandbox.run("leave", {"code": 0}))
        first.append(pid(sandbox))

    thread = threading.Thread(target=crash_and_ask)
    thread.start()
    thread.join(20)
    time.sleep(0.1)
    assert pid(sandbox) == first[0]


def test_a_child_that_cannot_start_says_why(make: Make) -> None:
    sandbox = make(warm=("missing",))
    result = failed(sandbox.run("echo", {}))
    assert result.outcome is Outcome.CHILD_CRASH
    assert "no_such_module" in result.detail


def test_warm_tasks_are_loaded_before_the_first_document(make: Make) -> None:
    sandbox = make(warm=("echo",))
    assert pid(sandbox)


def test_after_closing_callers_are_told(make: Make) -> None:
    sandbox = make()
    sandbox.close()
    assert failed(sandbox.run("echo", {})).detail == "the sandbox is closed"
    sandbox.close()


def test_closing_gives_up_a_document_under_way_after_a_moment(make: Make) -> None:
    sandbox = make(wall_s=60.0)
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(sandbox.run("sleep", {"seconds": 50})))
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    sandbox.close()
    thread.join(5)
    assert time.monotonic() - began < 5
    assert failed(results[0]).detail == "the sandbox is closed", "no death that is counted against the document"


def test_the_shipped_children_start_from_any_directory(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise RuntimeError", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    sandbox = ProcessSandbox(SandboxLimits(children=1))
    try:
        result = sandbox.run("identify-language", {"text": "Le maire a signé une convention avec la ville de Kunming."})
    finally:
        sandbox.close()
    assert result == {"language": "fr"}
