"""A real server whose answers take a while, for the test of stopping: `python slow_server.py DATA_DIR SECONDS`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant import Assistant, DoneEvent, Event, Settings
from corpus import shipped_newsletters
from index import Library
from ui.server import listen, run


class SlowAssistant(Assistant):
    """An assistant that thinks before it ends an answer."""

    pause = float(sys.argv[2])

    def stream(self, question: str, **options: Any) -> Iterator[Event]:
        for event in super().stream(question, **options):
            if isinstance(event, DoneEvent):
                time.sleep(self.pause)
            yield event


settings = Settings(data_dir=Path(sys.argv[1]))
with listen("127.0.0.1", 0) as listener, SlowAssistant(Library.open(settings.data_dir), settings) as assistant:
    assistant.sync([shipped_newsletters()])
    run(assistant, settings, listener, as_json=True)
