"""What lies in deploy/ fits the product: no server is needed to see that."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.serving import KEEP_ALIVE
from bot.settings import Settings

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {f"IZI_{name.upper()}" for name in Settings.model_fields}
DOCUMENTED = re.compile(r"^\| `(IZI_[A-Z_]+)` \|", re.MULTILINE)


@pytest.fixture
def compose() -> dict[str, Any]:
    """The compose file as a program reads it."""
    read: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    return read


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(path: Path) -> None:
    named = set(re.findall(r"\bIZI_[A-Z_]+\b", path.read_text(encoding="utf-8"))) - {"IZI_NAME"}
    assert named <= SETTINGS


def test_the_table_of_settings_has_all_of_them_once() -> None:
    documented = DOCUMENTED.findall((ROOT / "docs" / "run-it.md").read_text(encoding="utf-8"))
    assert sorted(documented) == sorted(SETTINGS)


def test_each_profile_has_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if service["profiles"] == ["one"]] == ["izi"]
    roles = {
        name: service["environment"].get("IZI_ROLE") for name, service in services.items() if "environment" in service
    }
    assert {"web": "web", "worker-1": "worker", "worker-2": "worker"}.items() <= roles.items()
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
        named = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert named <= compose["volumes"].keys()


def test_the_processes_of_the_full_profile_are_accepted_with_the_settings_they_get(compose: dict[str, Any]) -> None:
    for name in ("web", "worker-1", "worker-2"):
        given = {
            key.removeprefix("IZI_").lower(): value for key, value in compose["services"][name]["environment"].items()
        }
        settings = Settings(**given, secret_key="x" * 32, data_dir=Path("/data"))
        assert settings.role == given["role"]


def test_nothing_is_reachable_from_outside_but_through_a_proxy(compose: dict[str, Any]) -> None:
    published = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_image_runs_as_nobody_special_and_is_built_from_what_is_locked() -> None:
    steps = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    stages = steps.split("\nFROM ")
    assert len(stages) == 3
    assert "\nUSER izi\n" in stages[-1]
    assert "--require-hashes" in steps
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", steps, re.MULTILINE) for name in line.split()}
    assert all((ROOT / name).exists() for name in copied)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="LEFT OUT: no systemd-analyze on this machine")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "izi.service"
    text = (DEPLOY / "izi.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/izi/.venv/bin/izi", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    assert [line for line in done.stderr.splitlines() if "izi.service" in line] == []


def test_the_proxy_keeps_what_is_for_operators_inside() -> None:
    proxy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert "/metrics" in proxy
    assert "reverse_proxy 127.0.0.1:8080" in proxy


def test_the_proxy_closes_an_idle_connection_before_we_do() -> None:
    """Else it would send words into one that is being closed, and may not send them again by itself."""
    proxy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    (kept,) = re.findall(r"\bkeepalive (\d+)s$", proxy, re.MULTILINE)
    assert int(kept) < KEEP_ALIVE
