"""Checkpoints: everything that a killed run needs to go on bit by bit as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from colmap_reader import Model
from common.files import replace_atomically
from settings import TrainSettings

from engine import State

KEPT = 2  # newest ones; the older is for a disk that lied about the newest

# Settings that do not change what is computed (the engine gives the same with any number of threads): a run may be
# resumed with others.
FREE_SETTINGS = {"threads", "checkpoint_every", "preview_at"}


@dataclass(frozen=True)
class Checkpoint:
    """iteration: steps done. history: what the charts show. All randomness is drawn from (seed, iteration)."""

    iteration: int
    state: State
    history: dict[str, Any]
    train_s: float
    train_cpu_s: float
    start_count: int


def run_mark(settings: TrainSettings, model: Model, lanes: int) -> str:
    """A mark of settings, input and build: a checkpoint with another mark belongs to another run."""
    kept = {name: value for name, value in asdict(settings).items() if name not in FREE_SETTINGS}
    digest = hashlib.sha256(json.dumps([kept, lanes, [view.name for view in model.views]], sort_keys=True).encode())
    for view in model.views:
        digest.update(view.rotation.tobytes() + view.translation.tobytes())
    digest.update(model.points.positions.tobytes())
    return digest.hexdigest()


def save(folder: Path, checkpoint: Checkpoint, mark: str) -> Path:
    """Writes `<iteration>.npz` and removes all but the newest ones."""
    path = folder / f"{checkpoint.iteration:06d}.npz"
    rest = {
        "mark": mark,
        "iteration": checkpoint.iteration,
        "history": checkpoint.history,
        "train_s": checkpoint.train_s,
        "train_cpu_s": checkpoint.train_cpu_s,
        "start_count": checkpoint.start_count,
    }
    with replace_atomically(path) as temporary:
        np.savez(
            temporary,
            values=checkpoint.state.values,
            first=checkpoint.state.first,
            second=checkpoint.state.second,
            rest=np.frombuffer(json.dumps(rest).encode(), np.uint8),
        )
    for old in sorted(folder.glob("*.npz"))[:-KEPT]:
        old.unlink()
    return path


def newest(folder: Path, mark: str) -> Checkpoint | None:
    """The newest whole checkpoint of this run, if there is one."""
    for path in sorted(folder.glob("*.npz"), reverse=True):
        try:
            with np.load(path, allow_pickle=False) as arrays:
                rest = json.loads(arrays["rest"].tobytes())
                if rest["mark"] != mark:
                    continue
                state = State(arrays["values"], arrays["first"], arrays["second"])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            continue
        return Checkpoint(
            rest["iteration"], state, rest["history"], rest["train_s"], rest["train_cpu_s"], rest["start_count"]
        )
    return None


def clear(folder: Path) -> int:
    """Removes the checkpoints and previews of another run; returns how many files."""
    stale = [path for path in folder.glob("*") if path.suffix in (".npz", ".ply")]
    for path in stale:
        path.unlink()
    return len(stale)
