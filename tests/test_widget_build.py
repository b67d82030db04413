"""The widget's own tests, types and size, and that the committed file is the build of its source."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from ui.snippet import WIDGET

FOLDER = WIDGET.parent.parent
MOST_BYTES = 20 * 1024
needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="Node is not installed")


@pytest.fixture(scope="module")
def toolchain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the widget's sources with the pinned tools installed."""
    folder = tmp_path_factory.mktemp("widget") / "widget"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("dist", "node_modules"))
    installed = FOLDER / "node_modules"
    if installed.exists():
        (folder / "node_modules").symlink_to(installed)
    else:
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=200)
    return folder


def test_the_widget_is_small() -> None:
    assert len(gzip.compress(WIDGET.read_bytes(), 9)) <= MOST_BYTES


@needs_node
def test_the_committed_widget_is_the_build_of_its_source(toolchain: Path, tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", str(tmp_path / "widget.js")], cwd=toolchain, check=True, timeout=60)
    assert (tmp_path / "widget.js").read_bytes() == WIDGET.read_bytes()


@needs_node
@pytest.mark.parametrize("script", ["test", "check"])
def test_the_widgets_own_tests_and_types_hold(toolchain: Path, script: str) -> None:
    done = subprocess.run(
        ["npm", "run", "--silent", script], cwd=toolchain, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
