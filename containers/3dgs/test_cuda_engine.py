"""The CUDA engine without a GPU: it refuses by name, at once, and never lets gsplat compile itself."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import cuda_engine
import pytest
from common.failure import StageFailure
from cubins import architectures, runs

TRAIN = Path(__file__).parent / "train.py"


def has_gpu() -> bool:
    try:
        cuda_engine.require()
    except StageFailure:
        return False
    return True


without_gpu = pytest.mark.skipif(has_gpu(), reason="this machine has a GPU: refusals cannot be seen")


@without_gpu
def test_the_check_refuses_by_name_where_there_is_no_gpu(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    done = subprocess.run(
        [sys.executable, str(TRAIN), "train", "check"],
        capture_output=True,
        text=True,
        env={**os.environ, "SPACEPORT_ML_ROOT": str(tmp_path)},
    )
    assert done.returncode == 69, done.stderr
    assert json.loads(done.stdout)["code"] == "setup/no-gpu"
    assert (tmp_path / "output" / "failure").read_text().startswith("setup/no-gpu: The CUDA engine was asked for, but ")


@without_gpu
def test_a_run_on_cuda_ends_before_it_reads_a_photo(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()  # no model, no photos: were they read first, the failure would be another
    (tmp_path / "settings.json").write_text('{"engine":"cuda"}')
    flags = ["--in", f"{tmp_path}/in", "--out", f"{tmp_path}/out", "--settings", f"{tmp_path}/settings.json"]
    done = subprocess.run([sys.executable, str(TRAIN), *flags], capture_output=True, text=True)
    assert done.returncode == 69
    assert json.loads((tmp_path / "out" / "failure.json").read_text())["code"] == "setup/no-gpu"


def test_gsplats_compiled_part_is_found_without_importing_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gsplat"
    package.mkdir()
    (package / "__init__.py").write_text("raise AssertionError('imported: here gsplat would compile itself')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "gsplat", raising=False)  # where the real one is imported, it would be found
    assert cuda_engine.compiled_part() == []
    (package / "csrc.cpython-313-x86_64-linux-gnu.so").touch()
    assert [path.name for path in cuda_engine.compiled_part()] == ["csrc.cpython-313-x86_64-linux-gnu.so"]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for nvidia-smi is a shell script")
def test_what_the_driver_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cuda_engine.driver() is None
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'Tesla T4, 470.57.02, 15109 MiB'\n")
    program.chmod(0o755)
    assert cuda_engine.driver() == "Tesla T4, 470.57.02, 15109 MiB"
    program.write_text("#!/bin/sh\nexit 9\n")
    assert cuda_engine.driver() == "nothing, code 9"


def test_the_architectures_of_a_library_are_those_of_its_machine_code(tmp_path: Path) -> None:
    def container(*entries: tuple[int, int]) -> bytes:
        coded = [struct.pack("<HHIQIIHHI", kind, 257, 64, 8, 0, 0, 7, 1, arch) + bytes(40) for kind, arch in entries]
        return struct.pack("<IHHQ", 0xBA55ED50, 1, 16, 72 * len(coded)) + b"".join(coded)

    library = tmp_path / "library.so"
    # Two containers among other bytes; kind 1 is intermediate code, which is not counted.
    library.write_bytes(b"\x7fELF" + bytes(60) + container((2, 90), (2, 75)) + bytes(24) + container((1, 80), (2, 75)))
    assert architectures(library) == [75, 90]
    library.write_bytes(b"nothing of NVIDIA's")
    assert architectures(library) == []


def test_code_runs_on_its_own_generation_of_gpus_and_on_none_that_is_older() -> None:
    assert runs([75], 7, 5) and runs([80, 86], 8, 9)
    assert not runs([75], 8, 0) and not runs([86], 8, 0) and not runs([75], 7, 0) and not runs([], 7, 5)


def test_no_entry_point_loads_torch_for_the_cpu_engine() -> None:
    code = "import sys, train; sys.exit(any(name in sys.modules for name in ('torch', 'gsplat', 'torch_engine')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=TRAIN.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
