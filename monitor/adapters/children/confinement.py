"""What a child gives up before it reads its first document: size, files, the network, processes, outliving its parent.

Each of the kernel's means is taken where it is allowed and done without where it is not (containers, hardened kernels);
the audit hook of `loop` stands in front of them all, but only before Python code: native code does not ask it.
RLIMIT_NPROC is not among them: root is exempt from it, and it counts the threads that the language models start.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_THREAD = 0x1000_0000, 0x4000_0000, 0x0001_0000
# Classic BPF over `struct seccomp_data`: load a word, compare, test bits, return (linux/filter.h, linux/seccomp.h).
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _NOT_PERMITTED, _NOT_IMPLEMENTED = 0x7FFF_0000, 0x0005_0001, 0x0005_0026  # allow; errno EPERM, ENOSYS
_X32_NUMBERS = 0x4000_0000  # a second numbering of the same calls on x86-64

_Instruction = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Calls:
    """Numbers of system calls on one machine."""

    machine: int  # AUDIT_ARCH_*
    clone: int  # with CLONE_THREAD a thread, else a process
    clone3: int  # hides its flags behind a pointer: "not implemented" makes the C library take `clone`
    refused: tuple[int, ...]


_CALLS = {
    # socket, socketpair, fork, vfork, execve, ptrace, execveat, io_uring_setup
    "x86_64": _Calls(0xC000_003E, 56, 435, (41, 53, 57, 58, 59, 101, 322, 425)),
    # socket, socketpair, ptrace, execve, execveat, io_uring_setup
    "aarch64": _Calls(0xC000_00B7, 220, 435, (198, 199, 117, 221, 281, 425)),
}


def confine(memory_bytes: int) -> tuple[str, ...]:
    """Take all limits that do not depend on the document; the names of the kernel's means that were granted."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    if sys.platform != "linux":
        return ()
    library = ctypes.CDLL(None, use_errno=True)
    means: dict[str, Callable[[ctypes.CDLL], bool]] = {
        "no-new-privileges": _keep_privileges,
        "own-network": _leave_network,
        "ends-with-parent": _end_with_parent,  # a new user namespace forgets it: after that
        "no-processes": _refuse_calls,  # last: it is for good
    }
    return tuple(name for name, take in means.items() if take(library))


def _keep_privileges(library: ctypes.CDLL) -> bool:
    """Nothing it might start gains rights; also what an unprivileged process must do before it filters calls."""
    return bool(library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def _leave_network(library: ctypes.CDLL) -> bool:
    """A network of its own, without any interface that is up; in a user namespace anyone may ask for one."""
    return any(library.unshare(flags) == 0 for flags in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET))


def _end_with_parent(library: ctypes.CDLL) -> bool:
    """Killed when the thread that started it ends: the parent keeps one for that."""
    return bool(library.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) == 0)


def _refuse_calls(library: ctypes.CDLL) -> bool:
    """No processes, programs and sockets, whoever asks: the calls fail with EPERM."""
    calls = _CALLS.get(platform.machine())
    if calls is None or sys.byteorder != "little":
        return False
    program = list(_filter(calls))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    return bool(library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _filter(calls: _Calls) -> Iterator[_Instruction]:
    """Pairs of a comparison and the verdict that it jumps over when it does not hold."""
    yield _LOAD, 0, 0, _MACHINE_AT
    yield _JUMP_EQUAL, 1, 0, calls.machine
    yield _RETURN, 0, 0, _NOT_PERMITTED
    yield _LOAD, 0, 0, _NUMBER_AT
    yield _JUMP_GREATER_EQUAL, 0, 1, _X32_NUMBERS
    yield _RETURN, 0, 0, _NOT_PERMITTED
    yield _JUMP_EQUAL, 0, 1, calls.clone3
    yield _RETURN, 0, 0, _NOT_IMPLEMENTED
    for number in calls.refused:
        yield _JUMP_EQUAL, 0, 1, number
        yield _RETURN, 0, 0, _NOT_PERMITTED
    yield _JUMP_EQUAL, 0, 3, calls.clone
    yield _LOAD, 0, 0, _FIRST_ARGUMENT_AT
    yield _JUMP_SET, 1, 0, _CLONE_THREAD
    yield _RETURN, 0, 0, _NOT_PERMITTED
    yield _RETURN, 0, 0, _ALLOW
