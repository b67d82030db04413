"""`newsletter-assistant chat` as a person at a terminal uses it: a real process behind a pseudo-terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import open_assistant
from corpus import shipped_newsletters

QUESTION = "Who spoke about IP protection?"
UP = "\x1b[A"
PROMPT = "› "
PATIENCE = 120


class Terminal:
    """A chat in a terminal: what is typed goes in, what it says up to the next prompt comes back without colours."""

    def __init__(self, data_dir: Path) -> None:
        keyboard, screen = pty.openpty()
        self._file = keyboard
        command = [sys.executable, "-m", "ui.cli", "--data-dir", str(data_dir), "chat"]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "200", "INPUTRC": "/dev/null"}
        self.process = subprocess.Popen(command, stdin=screen, stdout=screen, stderr=screen, env=environment)
        os.close(screen)
        self.raw = ""

    def type(self, line: str) -> str:
        """What the chat says to a line."""
        os.write(self._file, f"{line}\n".encode())
        return self.said()

    def said(self) -> str:
        """What the chat says until it prompts, or ends."""
        received, limit = b"", time.monotonic() + PATIENCE
        while not received.endswith(PROMPT.encode()):
            ready, _, _ = select.select([self._file], [], [], max(0.0, limit - time.monotonic()))
            assert ready, f"no prompt after {received!r}"
            try:
                received += os.read(self._file, 65536)
            except OSError:  # Linux tells so that the other side has gone
                break
        self.raw = received.decode()
        return re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", self.raw)

    def leave(self) -> int:
        """The exit code after `/quit`."""
        self.type("/quit")
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Stop the process, if it still runs."""
        self.process.kill()
        self.process.wait(10)
        os.close(self._file)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with open_assistant(data_dir=tmp_path, corpus=[shipped_newsletters()]):
        pass
    (tmp_path / "chat-history").write_text("What was typed yesterday?\n")
    chat = Terminal(tmp_path)
    yield chat
    chat.end()


def test_a_conversation_at_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    assert "Ask about 1 newsletter. /sources shows" in terminal.said()
    assert QUESTION in terminal.type(UP + "\x01\x0b" + QUESTION)
    assert "\x1b[1mWIPO Director General Francis Gurry" in terminal.raw
    assert "[1] CHINA S&T NEWSLETTER No.4 2019" in terminal.type("/sources")
    opened = terminal.type("/open 1")
    assert "╭" in opened
    assert "\x1b[1;7m" in terminal.raw
    assert "There is no source '9'" in terminal.type("/open 9")
    assert "0 issues are asked" in terminal.type("/filter since=2999")
    assert "don't say" in terminal.type(UP * 5)
    assert "1 issue is asked" in terminal.type("/filter")
    assert "(understood as: At which event? (Who spoke about IP" in terminal.type("At which event?")
    history = terminal.type("/history")
    assert f"1. {QUESTION}" in history
    assert "3. At which event?" in history
    assert "/history the questions" in terminal.type("/help")
    assert "A new conversation." in terminal.type("/new")
    assert "No sources yet" in terminal.type("/sources")
    assert terminal.leave() == 0
    kept = tmp_path / "chat-history"
    assert kept.read_text(encoding="utf-8").splitlines()[:2] == ["What was typed yesterday?", QUESTION]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_no_prompt_stands_in_a_document_that_is_redirected(tmp_path: Path) -> None:
    with open_assistant(data_dir=tmp_path, corpus=[shipped_newsletters()]):
        pass
    keyboard, screen = pty.openpty()
    os.write(keyboard, f"{QUESTION}\n/quit\n".encode())
    command = [sys.executable, "-m", "ui.cli", "--data-dir", str(tmp_path), "chat", "--json"]
    chat = subprocess.run(command, stdin=screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PATIENCE)
    os.close(screen)
    os.close(keyboard)
    assert len(json.loads(chat.stdout)["answers"]) == 1
