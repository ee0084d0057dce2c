"""Expected trouble of a stage, and what an exception is worth as an exit code."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from common.files import write_json

DISK_ERRORS = {errno.ENOSPC, errno.EROFS, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EROFS}

# Enough to fail on a full disk, little enough to be harmless on any other.
PROBE_BYTES = 1 << 16


class StageFailure(Exception):
    """Expected trouble: the exit code out of CONTRACT.md's table and a Problem `{code, what, remedy}`."""

    def __init__(self, exit_code: int, code: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.exit_code, self.code, self.what, self.remedy = exit_code, code, what, remedy

    def problem(self) -> dict[str, str]:
        """The Problem as JSON."""
        return {"code": self.code, "what": self.what, "remedy": self.remedy}


def as_failure(error: BaseException, out: Path | None) -> StageFailure:
    """Sorts an exception: itself, disk (73), memory (70) or internal (70).

    Libraries hide a full disk behind errors of their own, so the disk itself is asked, never the message.
    """
    if isinstance(error, StageFailure):
        return error
    chain = list(_chain(error))
    disk = next((e for e in chain if isinstance(e, OSError) and e.errno in DISK_ERRORS), None)
    failure = _disk_failure(disk) if disk else (disk_failure(out) if out is not None else None)
    if failure is not None:
        return failure
    if any(isinstance(e, MemoryError) for e in chain):
        return memory_failure()
    what = f"An unexpected error: {traceback.format_exception_only(error)[-1].strip()}"
    return StageFailure(70, "run/internal", what, "Start again. If it happens twice, send the log with a report.")


def disk_failure(out: Path) -> StageFailure | None:
    """Asks the disk: the failure (73) where nothing can be written to `out`, else None."""
    error = _probe(out)
    return _disk_failure(error) if error else None


def memory_failure() -> StageFailure:
    """The failure for a machine that has too little memory (70)."""
    remedy = "Close other programs, choose smaller photos or use a machine with more memory."
    return StageFailure(70, "run/memory", "The machine's memory is used up.", remedy)


def _disk_failure(error: OSError) -> StageFailure:
    what = f"The results cannot be written: {os.strerror(error.errno or 0)}."
    return StageFailure(73, "run/disk", what, "Free space or choose another folder, then start again: it continues.")


def write_failure(failure: StageFailure, out: Path | None, sagemaker: Path) -> None:
    """Writes failure.json, and where SageMaker's output folder exists its `failure` and `message` (1024 characters)."""
    if out is not None:
        _try_write(out / "failure.json", failure)
    folder = sagemaker / "output"
    if folder.is_dir():
        line = f"{failure.code}: {failure.what} {failure.remedy}".replace("\n", " ")[:1024]
        for name in ("failure", "message"):
            try:
                (folder / name).write_text(line, encoding="utf-8")
            except OSError:
                traceback.print_exc()


def _try_write(path: Path, failure: StageFailure) -> None:
    try:
        write_json(path, failure.problem())
    except OSError:
        traceback.print_exc()


def _probe(out: Path) -> OSError | None:
    """Writes a little into `out` and takes it away again; returns why that failed."""
    probe = out / f".probe.{os.getpid()}.part"
    try:
        with probe.open("wb") as file:
            file.write(b"\0" * PROBE_BYTES)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error if error.errno in DISK_ERRORS else None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
