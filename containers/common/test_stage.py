"""The contract of a stage, tested on a small stage run as a real process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

CONTAINERS = Path(__file__).resolve().parent.parent

TOY = """
import errno, os, sys, time
from dataclasses import dataclass
from common.stage import run_stage, StageFailure
from common.files import replace_atomically

@dataclass
class Settings:
    max_steps: int = 3
    rate: float = 0.5
    loud: bool = False
    mode: str = "plain"

def body(stage):
    s = stage.settings
    print("noise of a library")
    stage.progress("count", 0, s.max_steps, "steps")
    for i in range(s.max_steps):
        if stage.stop.is_set():
            break
        if s.mode == "slow": time.sleep(0.05)
        if s.mode == "deaf": time.sleep(60)
        stage.progress("count", i + 1, s.max_steps, "steps", loss=float("nan"), n=i)
    if s.mode == "fail": raise StageFailure(65, "run/toy", "Too few.", "Add some.")
    if s.mode == "full": raise RuntimeError("x") from OSError(errno.ENOSPC, "no space")
    if s.mode == "memory": raise MemoryError()
    if s.mode == "bug": raise KeyError("surprise")
    stage.warn("run/warn", "what", "remedy")
    with replace_atomically(stage.out / "sub" / "a.txt") as t: t.write_text(repr(s))
    stage.deliver("sub")

sys.exit(run_stage("toy", sys.argv[1:], Settings, body, leave_after_stop_s=0.3 if "LEAVE" in os.environ else None))
"""


@pytest.fixture
def toy(tmp_path: Path) -> Any:
    (tmp_path / "toy.py").write_text(TOY)
    (tmp_path / "in").mkdir()

    def start(settings: dict[str, Any] | None = None, *extra: str, env: dict[str, str] | None = None) -> Any:
        (tmp_path / "settings.json").write_text(json.dumps(settings or {}))
        flags = [
            "--in",
            str(tmp_path / "in"),
            "--out",
            str(tmp_path / "out"),
            "--settings",
            str(tmp_path / "settings.json"),
        ]
        variables = {
            **os.environ,
            "PYTHONPATH": str(CONTAINERS),
            "SPACEPORT_ML_ROOT": str(tmp_path / "ml"),
            **(env or {}),
        }
        command = [sys.executable, str(tmp_path / "toy.py"), *(extra or flags)]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables, text=True
        )

    start.out = tmp_path / "out"  # type: ignore[attr-defined]
    return start


def wait_for_line(out: Path, within_s: float = 20) -> None:
    end = time.monotonic() + within_s
    while not (out / "progress.jsonl").exists():
        assert time.monotonic() < end, "the stage wrote no line"
        time.sleep(0.02)


def test_a_finished_stage_writes_lines_and_an_outcome_with_its_files(toy: Any) -> None:
    process = toy({"maxSteps": "4", "loud": "true", "rate": 2})
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 0, stderr
    lines = [json.loads(line) for line in stdout.splitlines()]
    assert [json.loads(x) for x in (toy.out / "progress.jsonl").read_text().splitlines()] == lines
    assert lines[0] | {"at": ""} == {
        "at": "",
        "stage": "toy",
        "step": "count",
        "done": 0,
        "total": 4,
        "unit": "steps",
        "metrics": {},
    }
    assert lines[-1]["problem"] == {"code": "run/warn", "what": "what", "remedy": "remedy"}
    assert lines[-2]["done"] == 4 and lines[-2]["metrics"] == {"loss": None, "n": 3}
    assert ", " not in stdout and "noise of a library" in stderr
    outcome = json.loads((toy.out / "outcome.json").read_text())
    assert outcome["kind"] == "done" and list(outcome["files"]) == ["sub/a.txt"]
    assert (toy.out / "sub/a.txt").read_text() == "Settings(max_steps=4, rate=2.0, loud=True, mode='plain')"


@pytest.mark.parametrize(
    ("mode", "code", "problem"),
    [("fail", 65, "run/toy"), ("full", 73, "run/disk"), ("memory", 70, "run/memory"), ("bug", 70, "run/internal")],
)
def test_each_failure_has_its_exit_code_and_problem(
    toy: Any, tmp_path: Path, mode: str, code: int, problem: str
) -> None:
    (tmp_path / "ml" / "output").mkdir(parents=True)
    process = toy({"mode": mode})
    process.communicate(timeout=30)
    assert process.returncode == code
    failure = json.loads((toy.out / "failure.json").read_text())
    assert failure["code"] == problem and set(failure) == {"code", "what", "remedy"}
    assert (tmp_path / "ml/output/failure").read_text().startswith(problem)
    assert not (toy.out / "outcome.json").exists()


@pytest.mark.parametrize("settings", [{"unheard": 1}, {"maxSteps": "many"}, {"maxSteps": 1.5}, {"loud": "perhaps"}])
def test_wrong_settings_are_refused(toy: Any, settings: dict[str, Any]) -> None:
    process = toy(settings)
    process.communicate(timeout=30)
    assert process.returncode == 64
    assert next(iter(settings)) in json.loads((toy.out / "failure.json").read_text())["what"]


def test_unknown_arguments_are_refused(toy: Any) -> None:
    process = toy({}, "--surprise")
    process.communicate(timeout=30)
    assert process.returncode == 64


def test_sagemakers_folders_and_train_are_understood(toy: Any, tmp_path: Path) -> None:
    (tmp_path / "ml/input/config").mkdir(parents=True)
    (tmp_path / "ml/input/data/photos").mkdir(parents=True)
    (tmp_path / "ml/checkpoints").mkdir()
    (tmp_path / "ml/input/config/hyperparameters.json").write_text('{"max_steps":"2"}')
    process = toy({}, "train")
    assert process.wait(timeout=30) == 0
    assert json.loads((tmp_path / "ml/model/outcome.json").read_text())["kind"] == "done"
    assert (tmp_path / "ml/model/checkpoints").resolve() == (tmp_path / "ml/checkpoints").resolve()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_sigterm_ends_the_stage_as_stopped(toy: Any) -> None:
    process = toy({"mode": "slow", "maxSteps": 1000})
    wait_for_line(toy.out)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert json.loads((toy.out / "outcome.json").read_text())["kind"] == "stopped"


@pytest.mark.parametrize(("word", "env"), [("stop\n", {}), ("", {}), ("", {"LEAVE": "1"})])
def test_the_parents_pipe_stops_the_stage(toy: Any, word: str, env: dict[str, str]) -> None:
    process = toy({"mode": "deaf" if env else "slow", "maxSteps": 1000}, env={"SPACEPORT_PARENT_PIPE": "1", **env})
    wait_for_line(toy.out)
    process.stdin.write(word)
    process.stdin.flush()
    if not word:
        process.stdin.close()
    assert process.wait(timeout=10) == 0
    assert json.loads((toy.out / "outcome.json").read_text())["kind"] == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="the timer is a signal elsewhere")
def test_a_deaf_stage_leaves_when_its_parent_dies(toy: Any) -> None:
    process = toy({"mode": "deaf"}, env={"SPACEPORT_PARENT_PIPE": "1"})
    wait_for_line(toy.out)
    process.stdin.close()
    assert process.wait(timeout=30) != 0
    assert not (toy.out / "outcome.json").exists()


def test_what_a_killed_attempt_left_half_written_is_swept(toy: Any) -> None:
    (toy.out / "sub").mkdir(parents=True)
    (toy.out / "sub" / ".a.17.part.txt").write_text("half")
    (toy.out / "outcome.json").write_text("{}")
    process = toy({})
    assert process.wait(timeout=30) == 0
    assert sorted(p.name for p in toy.out.rglob("*") if p.is_file()) == ["a.txt", "outcome.json", "progress.jsonl"]


CRASHING = """
import sys, os, signal
from pathlib import Path
from common.supervisor import supervise
supervise("toy", sys.argv[1:], Path(__file__))
print("child", os.getpid(), flush=True)
if "abort" in sys.argv[-1]:
    os.abort()
signal.pause()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no supervisor on Windows")
def test_a_native_crash_becomes_a_problem(tmp_path: Path) -> None:
    (tmp_path / "toy.py").write_text(CRASHING)
    (tmp_path / "out").mkdir()
    flags = ["--in", str(tmp_path), "--out", str(tmp_path / "out"), "--settings", "abort"]
    environment = {**os.environ, "PYTHONPATH": str(CONTAINERS)}
    done = subprocess.run([sys.executable, str(tmp_path / "toy.py"), *flags], env=environment, check=False)
    assert done.returncode == 70
    failure = json.loads((tmp_path / "out" / "failure.json").read_text())
    assert failure["code"] == "run/crashed" and "SIGABRT" in failure["what"]


@pytest.mark.skipif(sys.platform == "win32", reason="no supervisor on Windows")
def test_the_work_dies_with_a_killed_supervisor(tmp_path: Path) -> None:
    (tmp_path / "toy.py").write_text(CRASHING)
    environment = {**os.environ, "PYTHONPATH": str(CONTAINERS)}
    command = [sys.executable, str(tmp_path / "toy.py"), "wait"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline().split()[1])
    process.kill()
    process.wait()
    end = time.monotonic() + 5
    while time.monotonic() < end and Path(f"/proc/{child}").exists():
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
