"""What a folder holds that is no newsletter, counted, so that nobody looks in vain for what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from corpus.documents import is_about_a_project
from corpus.sources import ABOUT_FILE, Location, find_sources


def passed_over(locations: Iterable[Location]) -> str:
    """One sentence on the files and links in the folders among `locations` that are read over; "" where none is."""
    folders = [path for path in (Path(str(place)).expanduser() for place in locations) if path.is_dir()]
    if not folders:
        return ""
    read = {source.path for source in find_sources(folders)}
    left = {
        file for folder in folders for file in folder.resolve().rglob("*") if _is_passed_over(file, folder.resolve())
    }
    adrift = sum(not file.exists() for file in left)
    unknown = len({file for file in left if file.exists()} - read)
    counted = [(unknown, "file", "of no known kind"), (adrift, "link", "leading nowhere")]
    said = [f"{count} {thing}{'' if count == 1 else 's'} {which}" for count, thing, which in counted if count]
    return f"passed over: {', '.join(said)}" if said else ""


def _is_passed_over(file: Path, root: Path) -> bool:
    """Whether somebody may take it for a newsletter: nothing hidden, no folder, nothing about the folder itself."""
    if any(part.startswith(".") for part in file.relative_to(root).parts) or is_about_a_project(file.name):
        return False
    return file.name != ABOUT_FILE and (file.is_file() or (file.is_symlink() and not file.exists()))
