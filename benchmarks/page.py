"""How fast the chat page is: first paint, weight, the first answer, and a library of many issues.

    python -m benchmarks.page [--issues 10000]

writes benchmarks/results/page.json. The server is warm, the browser's cache is empty, everything is on one machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.screenshots import ARGUMENTS, CHROMIUM
from corpus import shipped_newsletters

RESULTS = Path(__file__).parent / "results" / "page.json"
QUESTION = "Where was the Silk Road of Innovation forum held?"
TIMES = 5
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LOADED = "performance.getEntriesByType('resource').reduce((sum, r) => sum + r.transferSize, 0) + " + (
    "performance.getEntriesByType('navigation')[0].transferSize"
)


def write_issues(folder: Path, count: int) -> None:
    """So many short issues, one a day from 1990 on."""
    start = time.mktime((1990, 1, 1, 12, 0, 0, 0, 0, 0))
    for number in range(count):
        date = time.strftime("%Y-%m-%d", time.localtime(start + number * 86_400))
        text = f"---\ntitle: Daily {number}\ndate: {date}\n---\n\nOn this day item {number} was sent to reader {number % 97}.\n"
        (folder / f"daily-{number:05}.md").write_text(text)


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
    found |= library(page)
    context.close()
    return found


def library(page: Page) -> dict[str, float]:
    """The figures of the library tab."""
    page.get_by_role("tab", name="Library").click()
    page.locator(".na-issues li").first.wait_for()
    older = page.get_by_role("button", name="Older")
    figures: dict[str, float] = {}
    if older.is_visible():
        first = page.locator(".na-issues a").first.inner_text()
        moved = page.locator(f".na-issues li:first-child a:not(:text-is('{first}'))")
        figures["library_next_page_ms"] = elapsed(lambda: (older.click(), moved.wait_for()))
    search = page.locator("#na-search textarea")
    search.fill("silk road forum")
    figures["library_search_ms"] = elapsed(
        lambda: (search.press("Enter"), page.locator(".na-results .na-card").first.wait_for())
    )
    return figures


def measure(issues: int) -> dict[str, Any]:
    """Medians of several visits to a server with the shipped newsletter and `issues` short ones."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "daily").mkdir()
        write_issues(folder / "daily", issues)
        sources = [str(shipped_newsletters()), *([str(folder / "daily")] if issues else [])]
        command = [sys.executable, "-m", "ui.cli", "--data-dir", str(folder / "data")]
        subprocess.run([*command, "sync", *sources], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = subprocess.Popen([*command, "serve", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            address = json.loads(server.stdout.readline())["url"]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                visits = [visit(browser, address) for _ in range(TIMES)]
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    return {"issues": issues + 1, **{key: round(median(v[key] for v in visits), 1) for key in visits[0]}}


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
