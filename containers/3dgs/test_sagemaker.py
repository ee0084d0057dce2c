"""The stage as a Training job: SageMaker's folders, settings as text, a stop by SIGTERM, going on elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOM, Capture
from ply import read_ply

HYPERPARAMETERS = {"iterations": "100000", "cap": "1500", "longSidePx": "96", "checkpointEvery": "20", "seed": "7"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SageMaker's folders are links and signals of Linux")


def job(folder: Path, capture: Capture, hyperparameters: dict[str, str]) -> Path:
    """The folders that SageMaker makes before it starts a container."""
    ml = folder / "ml"
    for name in ("input/data", "input/config", "model", "checkpoints", "output"):
        (ml / name).mkdir(parents=True)
    shutil.copytree(capture.inputs / "sfm", ml / "input/data/sfm")
    (ml / "input/config/hyperparameters.json").write_text(json.dumps(hyperparameters))
    return ml


def start(ml: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(ROOM / "train.py"), "train"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SPACEPORT_ML_ROOT": str(ml)},
    )


def stop_after(ml: Path, iterations: int) -> tuple[int, int]:
    """Starts the job and sends SIGTERM once so much is trained: where it began, and how far it got."""
    began = None
    with start(ml) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told = json.loads(line)
            if told["step"] == "train":
                began = told["done"] if began is None else began
                if told["done"] >= iterations:
                    break
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(timeout=120) == 0  # SageMaker kills after 120 s
    assert began is not None
    assert json.loads((ml / "model/outcome.json").read_text())["kind"] == "stopped"
    return began, int(json.loads((ml / "model/metrics.json").read_text())["iterations"])


def test_a_stopped_job_leaves_a_checkpoint_and_a_scene_and_another_machine_goes_on(
    capture: Capture, tmp_path: Path
) -> None:
    ml = job(tmp_path / "one", capture, HYPERPARAMETERS)
    began, reached = stop_after(ml, 30)
    assert began == 0 and reached >= 30
    assert np.isfinite(np.stack(list(read_ply(ml / "model/scene.ply").values()))).all()
    # What outlives the machine is SageMaker's own folder.
    assert (ml / "checkpoints" / f"{reached:06d}.npz").is_file()
    other = job(tmp_path / "two", capture, HYPERPARAMETERS)
    shutil.copytree(ml / "checkpoints", other / "checkpoints", dirs_exist_ok=True)
    began, further = stop_after(other, reached)
    assert began == reached and further >= reached


def test_an_input_without_a_model_leaves_one_line_for_sagemaker(capture: Capture, tmp_path: Path) -> None:
    ml = job(tmp_path, capture, HYPERPARAMETERS)
    shutil.rmtree(ml / "input/data/sfm/sparse")
    with start(ml) as process:
        process.communicate()
    assert process.returncode == 65
    line = (ml / "output/failure").read_text()
    assert line.startswith("run/") and "\n" not in line and len(line) <= 1024
