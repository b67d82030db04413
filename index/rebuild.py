"""Every newsletter chunked and embedded anew, beside the index that answers.

The new build is filled from the texts in the old one; a rebuild that was killed or stopped goes on from what its build
holds. Nothing of the old build is touched before `Store.switch`, which is one write.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from index.builds import build_for
from index.commit import Committer
from index.embedding import Embedder
from index.errors import SyncStopped
from index.report import Progress, SyncProgress
from index.store import Store


def rebuild(
    old: Store,
    embedder: Callable[[], Embedder],
    fingerprint: str,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Store:
    """A build of `old`'s newsletters with today's pipeline, whole, but not answering yet: see `Store.switch`.

    Raises SyncStopped once `stop()` is true.
    """
    new = old.beside(build_for(fingerprint, old.build))
    new.drop_other_builds(old.build)
    wanted, done = old.records(), new.records()
    new.sweep(done)
    for newsletter_id in done.keys() - wanted.keys():
        new.delete(newsletter_id)
    left = [record for newsletter_id, record in wanted.items() if newsletter_id not in done]
    committer = Committer(new, embedder, fingerprint, done)
    started = time.perf_counter()
    for number, record in enumerate(left, start=1):
        if stop():
            committer.flush()
            raise SyncStopped(
                f"Stopped after {len(wanted) - len(left) + number - 1} of {len(wanted)} newsletters; the old index "
                "goes on answering, and the next sync with --rebuild goes on from there."
            )
        committer.add(old.newsletter(record.info.id), record.content_hash, record.marks)
        if progress:
            rate = committer.embedded / max(time.perf_counter() - started, 1e-6)
            progress(SyncProgress(number, len(left), committer.embedded, rate, record.info.title))
    committer.flush()
    return new
