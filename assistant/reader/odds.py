"""Probabilities and their log odds."""

from __future__ import annotations

import numpy as np


def probability_of(logit: float) -> float:
    """The probability of which `logit` is the log odds."""
    return float(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))))


def log_odds(probability: float, least: float) -> float:
    """The log odds of a probability, of one nearer to 0 or 1 than `least` as if it were no nearer."""
    kept = min(max(probability, least), 1 - least)
    return float(np.log(kept / (1 - kept)))
