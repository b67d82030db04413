"""How fast the chat page is: first paint, weight, the first answer, and a library that lists many issues.

    python -m benchmarks.page [--issues 10000]

writes benchmarks/results/page.json. The server is warm, the browser's cache is empty, everything is on one machine. The
large archive is real: so many tiny newsletters, written to a folder and synced before the first visit.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from assistant import Settings, open_assistant
from benchmarks.screenshots import ARGUMENTS, CHROMIUM
from corpus import shipped_newsletters
from ui.server import create_app

RESULTS = Path(__file__).parent / "results" / "page.json"
QUESTION = "Where was the Silk Road of Innovation forum held?"
TIMES = 5
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
SHIFTED = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 100);
})"""
LOADED = "performance.getEntriesByType('resource').reduce((sum, r) => sum + r.transferSize, 0) + " + (
    "performance.getEntriesByType('navigation')[0].transferSize"
)
PLACES = ("harbour", "library", "market hall", "observatory", "orchard", "print shop", "school", "town archive")
THINGS = ("lanterns", "maps", "beehives", "telescopes", "apple trees", "looms", "bicycles", "rain barrels")
NAMES = ("Ada Brandt", "Bo Lindqvist", "Chen Wei", "Dora Novak", "Emil Haas", "Farah Aziz", "Greta Olsen", "Hugo Silva")


def write_archive(folder: Path, issues: int) -> None:
    """So many tiny newsletters in a new `folder`, one a day from 1990 on, each with a sentence of its own."""
    folder.mkdir()
    for number in range(issues):
        place, thing, name = PLACES[number % 8], THINGS[number // 8 % 8], NAMES[number // 64 % 8]
        front = f"---\ntitle: The Daily {number}\nissue: {number}\ndate: {date(1990, 1, 1) + timedelta(number)}\n---\n"
        text = f"{name} counted {number + 7} {thing} at the {place}. The report was read aloud in the evening.\n"
        (folder / f"daily-{number:05}.md").write_text(f"{front}\n## News of the day\n\n{text}", encoding="utf-8")


@contextmanager
def served(issues: int) -> Iterator[tuple[str, float]]:
    """The address of a server over the shipped newsletter and `issues` more, and the seconds their sync took."""
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "archive"
        write_archive(archive, issues)
        settings = Settings(data_dir=Path(name) / "data")
        with open_assistant(settings) as assistant:
            started = time.perf_counter()
            assistant.sync([shipped_newsletters(), *([archive] if issues else [])])
            synced = time.perf_counter() - started
            assistant.warm()
            config = uvicorn.Config(create_app(assistant, settings), port=0, log_level="error", lifespan="on")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", synced
            server.should_exit = True
            thread.join(10)


def elapsed(act: Callable[[], Any]) -> float:
    """Milliseconds that `act` takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def visit(browser: Browser, address: str) -> dict[str, float]:
    """The figures of one visit with an empty cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    ready = elapsed(lambda: (page.goto(address), page.locator(".na-head h1").wait_for()))
    box = page.locator("#na-question textarea")
    box.fill(QUESTION)
    answer = elapsed(lambda: (box.press("Enter"), page.locator(".na-text").first.wait_for()))
    found = {
        "first_paint_ms": float(page.evaluate(PAINT)),
        "ready_ms": ready,
        "first_answer_ms": answer,
        "weight_kb": float(page.evaluate(LOADED)) / 1024,
        "requests": float(page.evaluate("performance.getEntriesByType('resource').length + 1")),
    }
    page.locator(".na-after").first.wait_for()
    found["layout_shift"] = float(page.evaluate(SHIFTED))
    found |= library(page)
    context.close()
    return found


def library(page: Page) -> dict[str, float]:
    """The figures of the library tab."""
    tab, issue = page.get_by_role("tab", name="Library"), page.locator(".na-issues li").first
    figures = {"library_shown_ms": elapsed(lambda: (tab.click(), issue.wait_for()))}
    older = page.get_by_role("button", name="Older")
    if older.is_visible():
        first = page.locator(".na-issues a").first.inner_text()
        moved = page.locator(f".na-issues li:first-child a:not(:text-is('{first}'))")
        figures["library_next_page_ms"] = elapsed(lambda: (older.click(), moved.wait_for()))
    search = page.locator("#na-search textarea")
    search.fill("silk road forum")
    figures["library_search_ms"] = elapsed(
        lambda: (search.press("Enter"), page.locator(".na-results .na-card").first.wait_for())
    )
    page.get_by_role("tab", name="Topics").click()
    topic = page.locator("#na-topic textarea")
    topic.fill("joint laboratories")
    figures["topic_ms"] = elapsed(lambda: (topic.press("Enter"), page.locator("#na-topics .na-card").first.wait_for()))
    return figures


def measure(issues: int) -> dict[str, Any]:
    """Medians of several visits to a server whose library holds so many more issues."""
    with served(issues) as (address, synced), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        visits = [visit(browser, address) for _ in range(TIMES)]
        browser.close()
    return {
        "issues": issues + 1,
        "sync_s": round(synced, 1),
        **{key: round(median(v[key] for v in visits), 3) for key in visits[0]},
    }


def main() -> None:
    """Measure a small and a large archive."""
    parser = argparse.ArgumentParser(description="Measure the chat page.")
    parser.add_argument("--issues", type=int, default=10_000)
    issues = parser.parse_args().issues
    found = [measure(0), measure(issues)]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
