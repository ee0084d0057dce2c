"""The stage `sfm`: photos in, an undistorted COLMAP model out. Rules: containers/CONTRACT.md."""

from __future__ import annotations

import sys
from pathlib import Path

# The folder of the stages replaces this one on the path: `sfm` is the package, not this file.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common.supervisor import supervise  # noqa: E402

if __name__ == "__main__":
    # COLMAP aborts the whole process where it cannot write its database: the supervisor turns that into a Problem.
    supervise("sfm", sys.argv[1:], Path(__file__))

import pycolmap  # noqa: E402
from common.machine import thread_count  # noqa: E402
from common.stage import Stage, run_stage  # noqa: E402

from sfm.capture import read_capture  # noqa: E402
from sfm.finishing import deliver  # noqa: E402
from sfm.mapping import Stopped  # noqa: E402
from sfm.run import Run, Settings, fresh_work, refuse_too_few  # noqa: E402
from sfm.steps import find_features, find_model, find_pairs, prepare_photos  # noqa: E402

# After a stop the database is valid at any moment, so a native call that does not return is simply left.
LEAVE_AFTER_STOP_S = 3.0


def main(argv: list[str]) -> int:
    """Entry point; returns the exit code."""
    pycolmap.logging.minloglevel = pycolmap.logging.Level.ERROR.value
    return run_stage("sfm", argv, Settings, body, leave_after_stop_s=LEAVE_AFTER_STOP_S)


def body(stage: Stage[Settings]) -> None:
    """The steps of structure from motion; each continues from what an earlier attempt left in OUT/work."""
    try:
        reconstruct(stage)
    except (InterruptedError, Stopped):  # The first is what pycolmap's cancelled calls raise.
        if not stage.stop.is_set():
            raise


def reconstruct(stage: Stage[Settings]) -> None:
    """Runs the steps; returns early, or raises InterruptedError or Stopped, when a stop is asked for."""
    run = Run(stage, read_capture(stage.inputs), thread_count(stage.settings.threads), pycolmap.CancellationToken(), {})
    of = len(run.capture.photos)
    refuse_too_few(of, of)
    fresh_work(run)
    photos, unreadable = prepare_photos(run)
    if stage.stop.is_set():
        return
    refuse_too_few(len(photos), of)
    for step in (find_features, find_pairs):
        step(run, photos)
        if stage.stop.is_set():
            return
    deliver(run, photos, unreadable, find_model(run, photos))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
