"""Fit the second look (`assistant.second_look`): how much the joint scores count that it reads.

Learned from questions on invented newsletters of the test part, on which only the refusal is calibrated beside: the scorer of sentences and the
refusal learned from joint readers that knew less than the final one, and cannot know how far that may be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.reader.joint import load_joint_reader
from assistant.reader.model import Reader
from assistant.reader.weighing import SecondLook
from assistant.second_look import best_by_itself, looked_at_again
from benchmarks.training.examples import Example, first_reading
from benchmarks.training.refusal import weighed_beside_the_first

# Of 818 answerable questions on invented newsletters, the sentence ranked first was right for .501 by the scorer alone, for .581 where
# the joint score counted as much, for .578 where it counted twice as much; flatter than likeliest, for several sentences may be needed
HALF = 0.5
UNWEIGHED = SecondLook(score=HALF, joint=HALF, odds=1.0, alone=0.0, best_joint=0.0, bias=0.0)


def fit_second_look(unseen: Sequence[Example], reader: Reader) -> SecondLook:
    """The weights by which what a second look sees changes the chance that a question is answered."""
    asked = [e for e in unseen if not e.made]
    answered = np.array([e.item.answerable for e in asked])
    values = np.array([_values(e, reader) for e in asked])
    (odds, alone, best_joint), bias = weighed_beside_the_first(values, answered)
    return replace(UNWEIGHED, odds=odds, alone=alone, best_joint=best_joint, bias=bias)


def _values(e: Example, reader: Reader) -> tuple[float, float, float]:
    joint = load_joint_reader()
    first = first_reading(e, reader)
    if not first.ranked:
        return -10.0, -10.0, -10.0
    again = looked_at_again(e.parsed, first, UNWEIGHED, joint)
    return UNWEIGHED.logit(first.confidence), best_by_itself(e.parsed, (first, again), joint), again.best_joint
