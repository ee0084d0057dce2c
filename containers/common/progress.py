"""Progress lines: counted work, on stdout and in OUT/progress.jsonl."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# CONTRACT.md: about 10 lines a second at most, one every 10 seconds at least.
LEAST_GAP_S = 0.1
LONGEST_SILENCE_S = 8.0


class ProgressWriter:
    """Writes lines of one stage; holds back those that come too fast and repeats the last one during long silences."""

    def __init__(self, stage: str, out: Path, stdout: int, carried: Path | None = None) -> None:
        """`carried`: a folder that SageMaker carries out while the job works, which OUT of a training job is not."""
        self._stage, self._stdout = stage, stdout
        self._paths = [folder / "progress.jsonl" for folder in (out, carried) if folder is not None]
        self._lock = threading.Lock()
        self._last: dict[str, Any] | None = None
        self._pending = False
        self._written_at = 0.0
        self._end = threading.Event()
        self._beat = threading.Thread(target=self._repeat, daemon=True)
        self._beat.start()

    def progress(self, step: str, done: int, total: int | None, unit: str, metrics: dict[str, Any]) -> None:
        """One counted event. First and last of a step are always written; `done` never falls within a step."""
        with self._lock:
            last = self._last
            first = last is None or last["step"] != step
            if first:
                self._flush()
            elif last is not None:
                done = max(done, last["done"])
            self._last = {"step": step, "done": done, "total": total, "unit": unit, "metrics": _plain(metrics)}
            self._pending = True
            if first or done == total or time.monotonic() - self._written_at >= LEAST_GAP_S:
                self._flush()

    def warn(self, problem: dict[str, str]) -> None:
        """A warning; it does not end the step."""
        with self._lock:
            self._flush()
            self._write({"step": "warning", "problem": problem})

    def close(self) -> None:
        """Writes what was held back."""
        self._end.set()
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        if self._pending and self._last is not None:
            self._pending = False
            self._write(self._last)

    def _write(self, body: dict[str, Any]) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = json.dumps({"at": at, "stage": self._stage, **body}, ensure_ascii=False, separators=(",", ":")) + "\n"
        data = text.encode()
        self._written_at = time.monotonic()
        # Nobody may listen any more; the parent's pipe decides whether to go on, and the file keeps the lines.
        with suppress(OSError):
            os.write(self._stdout, data)
        for path in self._paths:
            with path.open("ab") as file:
                file.write(data)

    def _repeat(self) -> None:
        while not self._end.wait(1.0):
            with self._lock:
                silent = time.monotonic() - self._written_at
                if self._last is not None and silent > (LEAST_GAP_S if self._pending else LONGEST_SILENCE_S):
                    self._pending = True
                    try:
                        self._flush()
                    except OSError:
                        return  # The disk is full: the stage itself will meet it and say so.


def _plain(metrics: dict[str, Any]) -> dict[str, Any]:
    """Numbers that JSON can hold: numpy scalars unpacked, floats to 6 digits, NaN and infinity as null."""
    plain: dict[str, Any] = {}
    for name, value in metrics.items():
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, float):
            value = float(f"{value:.6g}") if math.isfinite(value) else None
        plain[name] = value
    return plain
