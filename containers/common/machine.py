"""What this process may use of the machine: affinity and cgroup limits count, not the sticker on the box."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def usable_cpus() -> int:
    """CPUs that this process can keep busy: the least of affinity and the cgroup's quota (v2, v1), at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else (os.cpu_count() or 1)
    return max(1, min(count, math.ceil(_cgroup_cpus())))


def memory_bytes() -> int:
    """Bytes of memory that this process may hold: physical memory or the cgroup's limit, whichever is less."""
    return int(min(_physical_bytes(), _cgroup_memory()))


def thread_count(wanted: int) -> int:
    """The setting `threads`: 0 means all usable CPUs; more than those is cut down to them."""
    usable = usable_cpus()
    return usable if wanted <= 0 else min(wanted, usable)


def peak_bytes() -> int:
    """The largest resident size in bytes that this process has had (0 where the system does not tell)."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _cgroup_folders() -> list[Path]:
    """The cgroup of this process and its parents, deepest first (inside a container: the mount itself)."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return [CGROUP]
    inner = next((line.split("::", 1)[1] for line in lines if line.startswith("0::")), "/")
    folder = CGROUP / inner.lstrip("/")
    return [folder, *(parent for parent in folder.parents if parent.is_relative_to(CGROUP))]


def _cgroup_cpus() -> float:
    limits = [math.inf]
    for folder in _cgroup_folders():
        words = _words(folder / "cpu.max")
        if len(words) == 2 and words[0] != "max":
            limits.append(int(words[0]) / int(words[1]))
    quota, period = _words(CGROUP / "cpu/cpu.cfs_quota_us"), _words(CGROUP / "cpu/cpu.cfs_period_us")
    if quota and period and int(quota[0]) > 0:
        limits.append(int(quota[0]) / int(period[0]))
    lowest = min(limits)
    return lowest if lowest < math.inf else 1 << 20


def _cgroup_memory() -> float:
    limits = [math.inf]
    for path in [folder / "memory.max" for folder in _cgroup_folders()] + [CGROUP / "memory/memory.limit_in_bytes"]:
        words = _words(path)
        if words and words[0] != "max":
            limits.append(int(words[0]))
    return min(limits)


def _physical_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        # Windows has no sysconf. 8 GB is what the smallest machine that is worth running on has.
        return 8 << 30


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
