"""A stage as a program: folders in, folders out, counted progress, one outcome. Rules: containers/CONTRACT.md."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Generic

from common.arguments import load_settings, parse_arguments, sagemaker_root
from common.failure import StageFailure, as_failure, write_failure
from common.files import fingerprint, sweep_parts, write_json
from common.machine import peak_bytes
from common.progress import ProgressWriter
from common.settings import Settings, read_settings
from common.stopping import StopWatch

__all__ = ["Stage", "StageFailure", "run_stage"]


class Stage(Generic[Settings]):
    """What a stage's body works with: `inputs` and `out` folders, `settings`, and the flag `stop`."""

    def __init__(
        self, inputs: Path, out: Path, settings: Settings, stop: threading.Event, writer: ProgressWriter
    ) -> None:
        self.inputs, self.out, self.settings, self.stop = inputs, out, settings, stop
        self._writer = writer
        self._delivered: list[str] = []

    def progress(self, step: str, done: int, total: int | None, unit: str, **metrics: object) -> None:
        """Says what was counted; may be called as often as one likes (lines are thinned to 10 a second)."""
        self._writer.progress(step, done, total, unit, metrics)

    def warn(self, code: str, what: str, remedy: str) -> None:
        """A Problem that does not end the stage."""
        self._writer.warn({"code": code, "what": what, "remedy": remedy})

    def deliver(self, *relative_paths: str) -> None:
        """Names deliverables for outcome.json: files, or folders with all files below them. They must exist by then."""
        self._delivered += [path for path in relative_paths if path not in self._delivered]

    def delivered_files(self) -> dict[str, dict[str, int | str]]:
        """Size and sha256 of each deliverable by its path relative to OUT, `/` between folders."""
        paths: dict[str, Path] = {}
        for name in self._delivered:
            root = self.out / name
            for path in sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else [root]:
                paths[path.relative_to(self.out).as_posix()] = path
        return {name: fingerprint(path) for name, path in paths.items()}


def run_stage(
    stage: str,
    argv: list[str],
    settings_type: type[Settings],
    body: Callable[[Stage[Settings]], None],
    leave_after_stop_s: float | None = None,
) -> int:
    """Runs `body` under the contract and returns the exit code.

    `argv` is without the program's name. With `leave_after_stop_s` the process ends itself as `stopped` when the body
    has not returned so many seconds after a stop: only for a stage whose folder is valid at any moment.
    """
    faulthandler.enable()
    stdout = _claim_stdout()
    started, cpu_started = time.monotonic(), _cpu_s()
    watch, out, writer = StopWatch(), None, None
    finishing = threading.Lock()

    def finish(kind: str, context: Stage[Settings], leave: bool = False) -> None:
        with finishing:
            files = context.delivered_files() if not leave else {}
            write_json(
                context.out / "outcome.json",
                {
                    "kind": kind,
                    "stage": stage,
                    "tookMs": round((time.monotonic() - started) * 1000),
                    "cpuMs": round((_cpu_s() - cpu_started) * 1000),
                    "peakBytes": peak_bytes(),
                    "files": files,
                },
            )
            if leave:
                os._exit(0)

    try:
        watch.start()
        folders = parse_arguments(stage, argv)
        out = _prepare_out(folders.out, folders.checkpoints)
        settings = read_settings(load_settings(folders.settings), settings_type)
        writer = ProgressWriter(stage, out, stdout, folders.checkpoints)
        context = Stage(folders.inputs, out, settings, watch.stop, writer)
        if leave_after_stop_s is not None:
            watch.leave_at_once(leave_after_stop_s, lambda: finish("stopped", context, leave=True))
        body(context)
        writer.close()
        finish("stopped" if watch.stop.is_set() else "done", context)
        return 0
    except SystemExit as ending:  # argparse's --help
        return ending.code if isinstance(ending.code, int) else 0
    except BaseException as error:
        if not isinstance(error, StageFailure):
            traceback.print_exc()
        failure = as_failure(error, out)
        write_failure(failure, out, sagemaker_root())
        print(f"{stage}: {failure.what} {failure.remedy}", file=sys.stderr, flush=True)
        return failure.exit_code
    finally:
        _close_quietly(writer)
        watch.end()
        _give_back_stdout(stdout)


def _prepare_out(out: Path, checkpoints: Path | None) -> Path:
    """Makes OUT and clears what would lie about this start: an earlier outcome or failure, half-written files."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in ("outcome.json", "failure.json"):
            (out / name).unlink(missing_ok=True)
        if checkpoints is not None and not (out / "checkpoints").exists():
            (out / "checkpoints").symlink_to(checkpoints, target_is_directory=True)
        sweep_parts(out)
    except OSError as error:
        what = f"The folder {out} cannot be written: {error.strerror}."
        raise StageFailure(73, "run/disk", what, "Choose a folder that can be written.") from error
    return out


def _claim_stdout() -> int:
    """Keeps the real stdout for progress lines; whatever else prints there lands on stderr."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    return kept


def _give_back_stdout(kept: int) -> None:
    sys.stdout.flush()
    os.dup2(kept, 1)
    os.close(kept)


def _close_quietly(writer: ProgressWriter | None) -> None:
    if writer is not None:
        try:
            writer.close()
        except OSError:
            traceback.print_exc()


def _cpu_s() -> float:
    """CPU seconds of this process and of the children that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
