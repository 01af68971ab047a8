"""The lock files are complete and name no registry; the scripts can be run."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON_LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-npm.lock"]
SCRIPTS = [
    ".ci/run",
    "script/benchmark",
    "script/lock",
    "script/pictures",
    "script/server",
    "script/setup",
    "script/test",
]


def requirements(lock: str) -> list[str]:
    """The requirements of a lock file, each with the lines that continue it joined to one."""
    joined = (ROOT / lock).read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_python_requirement_is_one_version_with_hashes(lock: str) -> None:
    found = requirements(lock)
    assert found
    loose = [line for line in found if not re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)]
    assert loose == []


def test_development_and_runtime_run_the_same_versions() -> None:
    """script/setup takes the development lock for the runtime as well."""
    versions = {lock: {line.split()[0] for line in requirements(lock)} for lock in PYTHON_LOCKS}
    assert versions["requirements.lock"] - versions["requirements-dev.lock"] == set()


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, "package-lock.json"])
def test_no_lock_names_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert (
        re.findall(r'\S*://\S*|file:\S*|--(?:extra-)?index\S*|--find-links\S*| @ \S+|"resolved"', text) == []
    )


def test_every_npm_package_has_a_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    del packages[""]  # the project itself
    assert packages
    assert [
        name for name, package in packages.items() if not package["integrity"].startswith("sha512-")
    ] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_can_be_run(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111 == 0o111
    checked = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_script_is_checked() -> None:
    assert (
        sorted(f"script/{path.name}" for path in (ROOT / "script").iterdir() if not path.suffix)
        == SCRIPTS[1:]
    )
