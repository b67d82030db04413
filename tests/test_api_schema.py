"""Requests made up from the API's own description: none is a fault of the server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from api_support import api_app, running, settings_in

from assistant import Assistant


def test_requests_made_from_the_openapi_document_find_no_server_error(shipped: Assistant, tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", request_timeout=5.0)
    with running(api_app(shipped, settings)) as address:
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/api/v1/openapi.json"),
            *("--checks", "not_a_server_error", "--max-examples", "15", "--seed", "1", "--phases", "examples,fuzzing"),
            *("--header", "Authorization: Bearer guess", "--exclude-path", "/readyz", "--no-color"),
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/search", "/v1/chat/completions"])
def test_the_described_routes_are_those_that_answer(shipped: Assistant, tmp_path: Path, path: str) -> None:
    assert path in api_app(shipped, settings_in(tmp_path)).openapi()["paths"]
