"""What processes use, read from /proc: processor time and memory of a process and all its children."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)  # fields of /proc/<pid>/stat behind the name: ppid; utime, stime, cutime, cstime


def family(pid: int) -> list[int]:
    """The process and all its descendants that live now."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(folder.name)):
            children.setdefault(int(fields[_PARENT]), []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time of these families, with that of their children that have ended."""
    members = {member for pid in pids for member in family(pid)}
    return sum(sum(map(int, fields[_TIMES])) for member in members if (fields := _stat(member))) / TICKS


def megabytes(pids: Iterable[int], kind: str = "Pss") -> float:
    """Memory of these families. kind: Pss shares out what several have in common, Rss counts it for each."""
    members = {member for pid in pids for member in family(pid)}
    return sum(_kilobytes(member, kind) for member in members) / 1000 * 1.024


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []  # it ended meanwhile


def _kilobytes(pid: int, kind: str) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith(f"{kind}:")), 0)
