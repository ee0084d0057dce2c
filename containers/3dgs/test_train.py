"""The stage as a program, on the drawn capture: quality, outputs, stop, kill and resume, refusals."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from build_native import main as build_main
from conftest import ROOM, Capture
from evaluate_run import evaluate_run
from ply import read_ply

SMALL = {
    "iterations": "200",
    "cap": "1200",
    "longSidePx": "96",
    "halfSizeShare": "0.5",
    "previewAt": "20",
    "shDegree": 1,
}


def lines_of(out: Path) -> list[dict]:
    path = out / "progress.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wait_for(process: subprocess.Popen[str], out: Path, name: str) -> None:
    end = time.monotonic() + 120
    while not any(line["metrics"].get("file") == name for line in lines_of(out) if "metrics" in line):
        assert time.monotonic() < end and process.poll() is None, "the stage did not get there"
        time.sleep(0.02)


def last_state(out: Path) -> dict[str, np.ndarray]:
    with np.load(max((out / "checkpoints").glob("*.npz"))) as arrays:
        return {name: arrays[name] for name in ("values", "first", "second")}


def test_a_drawn_scene_is_learned_and_everything_promised_is_written(capture: Capture, tmp_path: Path) -> None:
    out = tmp_path / "run" / "3dgs"
    done = capture.run(out, {**SMALL, "iterations": "500"})
    assert done.returncode == 0, done.stderr
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["heldOut"]["meanPsnr"] >= 25 and metrics["heldOut"]["meanSsim"] >= 0.8
    # What no picture shows is left out of the scene.
    assert 1150 <= metrics["gaussians"] <= 1200 and metrics["iterations"] == 500 and metrics["settings"]["cap"] == 1200
    assert len(read_ply(out / "scene.ply")["x"]) == metrics["gaussians"]
    assert [view["render"] for view in metrics["heldOut"]["views"]] == [
        "heldout/sub/photo_00.png",
        "heldout/sub/photo_08.png",
    ]
    outcome = json.loads((out / "outcome.json").read_text())
    assert outcome["kind"] == "done"
    assert {"scene.ply", "metrics.json", "heldout/sub/photo_00.png", "checkpoints/000500.npz"} <= set(outcome["files"])
    lines = lines_of(out)
    assert [json.loads(line) for line in done.stdout.splitlines()] == lines
    files = [line["metrics"]["file"] for line in lines if line["step"] == "checkpoint"]
    assert files[0] == "checkpoints/000020.ply" and all((out / file).exists() for file in files)
    train = [line["done"] for line in lines if line["step"] == "train"]
    assert train == sorted(train) and train[-1] == 500

    # The same figures from the files alone.
    shutil.copytree(capture.inputs / "sfm", tmp_path / "run" / "sfm")
    names = [view.name for view in sorted((tmp_path / "run/sfm/images/sub").iterdir())]
    photos = [{"file": f"sub/{name}", "use": True} for name in names] + [{"file": "lost.jpg", "use": True}]
    (tmp_path / "run/manifest.json").write_text(json.dumps({"version": 1, "photos": photos, "pairs": None}))
    figures = evaluate_run(tmp_path / "run")
    assert figures["absent"] == []
    assert figures["heldOut"]["meanPsnr"] == metrics["heldOut"]["meanPsnr"]
    assert figures["heldOut"]["meanSsim"] == metrics["heldOut"]["meanSsim"]
    assert 0.5 < figures["heldOut"]["meanExplained"] == metrics["heldOut"]["meanExplained"] <= 1
    assert figures["registered"]["registered"] == 13 and figures["registered"]["unregistered"] == ["lost.jpg"]
    assert figures["reprojection"]["meanPx"] < 1e-3 and figures["reprojection"]["observations"] == 13 * 40
    assert figures["reprojection"]["pointMeanPx"] < 1e-3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_run_continues_bit_by_bit(capture: Capture, tmp_path: Path) -> None:
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    assert capture.run(straight, {**SMALL, "checkpointEvery": 100}).returncode == 0
    with subprocess.Popen(
        capture.command(broken, {**SMALL, "checkpointEvery": 100}), stdout=subprocess.DEVNULL
    ) as process:
        wait_for(process, broken, "checkpoints/000100.npz")
        process.send_signal(signal.SIGKILL)
    assert not (broken / "outcome.json").exists()
    done = capture.run(broken, {**SMALL, "checkpointEvery": 100, "threads": 1})
    assert done.returncode == 0, done.stderr
    resumed = next(line["done"] for line in map(json.loads, done.stdout.splitlines()) if line["step"] == "train")
    assert resumed >= 100
    for name, values in last_state(straight).items():
        assert np.array_equal(values, last_state(broken)[name]), name
    assert (straight / "scene.ply").read_bytes() == (broken / "scene.ply").read_bytes()
    assert (
        json.loads((straight / "metrics.json").read_text())["history"]
        == json.loads((broken / "metrics.json").read_text())["history"]
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
@pytest.mark.parametrize("way", ["signal", "pipe"])
def test_a_stopped_run_leaves_a_valid_scene(capture: Capture, tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    command = capture.command(out, {**SMALL, "iterations": 100000, "previewAt": "20"})
    environment = {**os.environ, "SPACEPORT_PARENT_PIPE": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment, text=True
    ) as process:
        wait_for(process, out, "checkpoints/000020.ply")
        if way == "signal":
            process.send_signal(signal.SIGTERM)
        else:
            assert process.stdin is not None
            process.stdin.write("stop\n")
            process.stdin.flush()
        assert process.wait(timeout=60) == 0
    outcome = json.loads((out / "outcome.json").read_text())
    reached = json.loads((out / "metrics.json").read_text())["iterations"]
    assert outcome["kind"] == "stopped" and "scene.ply" in outcome["files"] and 20 <= reached < 100000
    assert np.isfinite(np.stack(list(read_ply(out / "scene.ply").values()))).all()
    assert (out / "checkpoints" / f"{reached:06d}.npz").exists()


def test_other_settings_do_not_continue_an_old_run(capture: Capture, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert capture.run(out, {**SMALL, "iterations": 30}).returncode == 0
    done = capture.run(out, {**SMALL, "iterations": 40})
    assert done.returncode == 0
    assert '"run/other-checkpoints"' in done.stdout
    assert [path.name for path in (out / "checkpoints").glob("*.npz")] == ["000040.npz"]


@pytest.mark.parametrize(
    ("settings", "code", "problem"),
    [
        ({"unheard": 1}, 64, "run/settings"),
        ({"cap": "many"}, 64, "run/settings"),
    ],
)
def test_wrong_wishes_are_refused_at_once(
    capture: Capture, tmp_path: Path, settings: dict[str, object], code: int, problem: str
) -> None:
    done = capture.run(tmp_path / "out", settings)
    assert done.returncode == code
    assert json.loads((tmp_path / "out/failure.json").read_text())["code"] == problem
    assert not (tmp_path / "out/outcome.json").exists()


def test_a_missing_photo_is_named(capture: Capture, tmp_path: Path) -> None:
    broken = Capture(tmp_path / "in", tmp_path)
    shutil.copytree(capture.inputs, broken.inputs)
    (broken.inputs / "sfm/images/sub/photo_03.png").write_bytes(b"not a picture")
    done = broken.run(tmp_path / "out", SMALL)
    assert done.returncode == 65
    assert "photo_03.png" in json.loads((tmp_path / "out/failure.json").read_text())["what"]


def test_a_machine_without_compiler_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr("build_native.importlib.util.find_spec", lambda name: None)
    assert build_main(["--out", str(tmp_path / "native")]) == 69
    assert json.loads(capsys.readouterr().out)["code"] == "setup/no-compiler"


def test_a_real_capture_loads_where_it_is_at_hand() -> None:
    captures = ROOM.parent.parent.parent / "shared" / "captures" / "caliterra-a" / "images"
    if not captures.is_dir():
        pytest.skip("shared/captures/caliterra-a is not here")
    from dataset import read_photo

    photo = read_photo(sorted(captures.iterdir())[0], 480)
    assert photo.size == (480, 360) and photo.mode == "RGB"
