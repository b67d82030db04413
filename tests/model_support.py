"""A scripted OpenAI-compatible model server on loopback: it says and does whatever a test tells it to, over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant import Assistant, Settings

QUESTION = "Where was the Silk Road of Innovation forum held?"
Behaviour = Callable[["Handler", dict[str, Any]], None]


@dataclass
class ModelScript:
    """What the server does next, what it was asked, and how many clients hung up while it was writing."""

    behaviour: Behaviour
    asked: list[dict[str, Any]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    base_url: str = ""

    @property
    def prompt(self) -> str:
        """The text of the last request."""
        last = self.asked[-1]
        return "\n".join(m["content"] for m in last["messages"]) if "messages" in last else str(last["prompt"])


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """List the models."""
        self.reply(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self) -> None:
        """Complete a chat as the script says."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.script.asked.append(body)
        try:
            self.server.script.behaviour(self, body)
        except (BrokenPipeError, ConnectionResetError):
            self.server.script.hung_up.set()
        self.close_connection = True

    def reply(self, status: int, document: Any, content_type: str = "application/json") -> None:
        """A whole reply."""
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def begin(self) -> None:
        """Begin a stream of events."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def piece(self, text: str) -> None:
        """One piece of the reply."""
        choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
        head = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
        self.wfile.write(f"data: {json.dumps({**head, 'choices': [choice]})}\n\n".encode())
        self.wfile.flush()

    def finish(self) -> None:
        """The end of the stream."""
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    script: ModelScript
    daemon_threads = True


@contextmanager
def model_server(behaviour: Behaviour) -> Iterator[ModelScript]:
    """A running server and its script."""
    server = _Server(("127.0.0.1", 0), Handler)
    server.script = ModelScript(behaviour, base_url=f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.script
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def says(text: str, pause: float = 0.0) -> Behaviour:
    """Write `text` word by word."""

    def behave(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin()
        for word in text.split(" "):
            handler.piece(word + " ")
            time.sleep(pause)
        handler.finish()

    return behave


def fails(status: int) -> Behaviour:
    """Refuse with `status`."""
    return lambda handler, body: handler.reply(status, {"error": {"message": "no", "type": "server_error"}})


def with_model(shipped: Assistant, script: ModelScript, **llm: Any) -> Assistant:
    """The shipped assistant, answering with the scripted model; it shares the index and need not be closed."""
    chosen = {
        "base_url": script.base_url,
        "model": "scripted",
        "timeout": 30.0,
        "retries": 1,
        "show_dropped": True,
        **llm,
    }
    return Assistant(shipped._library, Settings(llm=chosen))
