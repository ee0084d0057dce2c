"""A second process around a stage, so that even a native crash ends in an exit code and a Problem of the contract."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from common.arguments import parse_arguments, sagemaker_root
from common.failure import StageFailure, disk_failure, memory_failure, write_failure

# Names the process id of the supervisor to the process that does the work.
SUPERVISOR = "SPACEPORT_SUPERVISOR"

PR_SET_PDEATHSIG = 1


def supervise(stage: str, argv: list[str], program: Path) -> None:
    """Call first in an entry point whose libraries may abort: COLMAP does on a full disk and on hostile files.

    Starts `program` again as a child and leaves with its exit code; in the child (and on Windows, where a process
    cannot be tied to its parent's life this simply) it returns at once. A child that dies by a signal becomes
    failure.json: 73 where the disk is full, else 70. The child never outlives a supervisor that is killed.
    """
    if os.name == "nt":
        return
    if SUPERVISOR in os.environ:
        _die_with(int(os.environ[SUPERVISOR]))
        return
    sys.exit(_run(stage, argv, program))


def _run(stage: str, argv: list[str], program: Path) -> int:
    waiting: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: waiting.append(received))
    child = subprocess.Popen([sys.executable, str(program), *argv], env=os.environ | {SUPERVISOR: str(os.getpid())})
    while True:
        for received in [waiting.pop() for _ in list(waiting)]:
            child.send_signal(received)
        try:
            code = child.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        return code if code >= 0 else _crashed(stage, argv, -code)


def _crashed(stage: str, argv: list[str], number: int) -> int:
    """Says why the child died: the disk is asked; SIGKILL from nowhere is the kernel short of memory."""
    try:
        out: Path | None = parse_arguments(stage, argv).out
    except StageFailure:
        out = None
    name = signal.Signals(number).name
    failure = (out and disk_failure(out)) or (memory_failure() if number == signal.SIGKILL else None)
    failure = failure or StageFailure(
        70,
        "run/crashed",
        f"A part of the stage {stage} crashed ({name}).",
        "Start again: it continues. If it happens twice, send the log with a report.",
    )
    write_failure(failure, out, sagemaker_root())
    print(f"{stage}: {failure.what} {failure.remedy}", file=sys.stderr, flush=True)
    return failure.exit_code


def _die_with(supervisor: int) -> None:
    """Ends this process when its supervisor is gone: at once by the kernel on Linux, else within half a second."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == supervisor:
            time.sleep(0.5)
        os._exit(70)

    threading.Thread(target=watch, daemon=True).start()
