"""What a measurement ran on."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def machine() -> str:
    """Processors, Python, and how busy it was with other things too."""
    processor = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    load = " ".join(f"{minutes:.1f}" for minutes in os.getloadavg())
    return f"{os.cpu_count()} x {processor.partition(': ')[2]}, Python {sys.version.split()[0]}, load {load}"
