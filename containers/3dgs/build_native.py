"""Builds the CPU engine: `python build_native.py [--out DIR]` prints one JSON line of what it did.

Two builds on x86-64 (baseline and x86-64-v3), one elsewhere; cached under a hash of sources, flags and machine.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOM = Path(__file__).resolve().parent
if str(ROOM.parent) not in sys.path:
    sys.path.insert(0, str(ROOM.parent))

from common.failure import StageFailure  # noqa: E402
from common.files import replace_atomically  # noqa: E402

SOURCES = ROOM / "native"
FLAGS = [
    "-std=c++17",
    "-O3",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=fast",
    "-fPIC",
    "-shared",
    "-pthread",
    "-Wno-psabi",
]
X86 = {"x86_64", "amd64"}
V3_FEATURES = {"avx2", "fma", "bmi1", "bmi2", "f16c", "movbe"}
SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


def builds() -> dict[str, list[str]]:
    """Name of each build for this architecture and its extra flags."""
    return {"baseline": [], "v3": ["-march=x86-64-v3"]} if platform.machine().lower() in X86 else {"plain": []}


def source_hash() -> str:
    """Hash of all that decides what the library does."""
    digest = hashlib.sha256(repr((FLAGS, builds(), sys.platform, platform.machine())).encode())
    for path in sorted(SOURCES.glob("*.[ch]*")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def default_folder() -> Path:
    """Where builds of these sources are kept."""
    return ROOM.parent.parent / ".cache" / "native" / f"3dgs-{source_hash()}"


def library_for_this_cpu() -> Path:
    """The library to load, built now where it is absent. SPACEPORT_3DGS_LIBRARY names a folder of ready builds instead.

    Raises StageFailure 69 without a compiler.
    """
    given = os.environ.get("SPACEPORT_3DGS_LIBRARY")
    folder = Path(given) if given else default_folder()
    path = folder / _file_name(best_build())
    if not path.exists():
        build(folder, [best_build()])
    return path


def best_build() -> str:
    """The fastest build that this CPU can run."""
    names = list(builds())
    return names[-1] if len(names) == 1 or _cpu_is_v3() else names[0]


def build(folder: Path, names: list[str]) -> dict[str, object]:
    """Compiles the missing ones of `names` into `folder`; returns what was done."""
    started = time.monotonic()
    missing = [name for name in names if not (folder / _file_name(name)).exists()]
    used = ""
    for name in missing:
        used = _compile(folder / _file_name(name), builds()[name])
    return {
        "folder": str(folder),
        "built": missing,
        "kept": [n for n in names if n not in missing],
        "compiler": used,
        "tookMs": round((time.monotonic() - started) * 1000),
    }


def _file_name(name: str) -> str:
    return f"splat-{name}{SUFFIX}"


def _compilers() -> Iterator[list[str]]:
    named = os.environ.get("CXX")
    for name in ([named] if named else []) + ["c++", "g++", "clang++"]:
        if shutil.which(name):
            yield [name]
    if importlib.util.find_spec("ziglang"):
        yield [sys.executable, "-m", "ziglang", "c++"]


def _compile(target: Path, extra: list[str]) -> str:
    """Tries each compiler; a compiler that is there but broken (no headers, say) is passed over and its words kept."""
    complaints = []
    target.parent.mkdir(parents=True, exist_ok=True)
    # All sources as one translation unit: 5 CPU-s instead of 13, most of which were the standard headers.
    unit = target.with_name(f".{target.stem}.{os.getpid()}.part.cpp")
    unit.write_text("".join(f'#include "{path.as_posix()}"\n' for path in sorted(SOURCES.glob("*.cpp"))))
    try:
        for compiler in _compilers():
            command = [*compiler, *FLAGS, *_spelled_for(compiler, extra), str(unit)]
            try:
                with replace_atomically(target) as temporary:
                    subprocess.run([*command, "-o", str(temporary)], check=True, capture_output=True)
                return " ".join(compiler)
            except subprocess.CalledProcessError as error:
                complaints.append(f"{compiler[0]}: {error.stderr.decode(errors='replace').strip()[-400:]}")
    finally:
        unit.unlink(missing_ok=True)
    reason = "; ".join(complaints) or "none of c++, g++, clang++ and the Python package ziglang was found"
    raise StageFailure(
        69,
        "setup/no-compiler",
        f"The splat trainer could not be compiled: {reason}.",
        "Install g++ or clang, or the Python package ziglang, and start again.",
    )


def _spelled_for(compiler: list[str], extra: list[str]) -> list[str]:
    # zig names CPUs with underscores and takes the build machine's own CPU where none is named.
    if "ziglang" not in compiler:
        return extra
    baseline = ["-march=x86_64"] if platform.machine().lower() in X86 else []
    return [flag.replace("x86-64-v3", "x86_64_v3") for flag in extra] or baseline


def _cpu_is_v3() -> bool:
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        flags = next((set(line.split(":", 1)[1].split()) for line in lines if line.startswith("flags")), set())
        return flags >= V3_FEATURES
    if sys.platform == "darwin":
        asked = subprocess.run(["sysctl", "-n", "machdep.cpu.leaf7_features"], capture_output=True, text=True)
        return "AVX2" in asked.stdout
    return _windows_has_avx2()


def _windows_has_avx2() -> bool:
    import ctypes

    has_avx2 = 40  # PF_AVX2_INSTRUCTIONS_AVAILABLE; every CPU with it has FMA and BMI too
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent from the type stubs of other systems
    return bool(kernel.IsProcessorFeaturePresent(has_avx2))


def main(argv: list[str]) -> int:
    """Builds all variants for this architecture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="folder of the libraries (default: the repository's .cache)")
    given = parser.parse_args(argv)
    try:
        done = build(given.out or default_folder(), list(builds()))
    except StageFailure as failure:
        print(json.dumps(failure.problem(), separators=(",", ":")))
        return failure.exit_code
    print(json.dumps(done, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
