"""Bounds of `--fail-under` and `--fail-over`: a figure by name, its limit, and on which side a run fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from assistant.evaluation import Report

UNDER, OVER = "--fail-under", "--fail-over"


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure (`name`, or `name:kind`) that must not be under, or not over, a limit."""

    name: str
    limit: float
    option: str

    def complaint(self, report: Report) -> str:
        """What is wrong with the report's figure, or ""."""
        metric = report.figure(self.name)
        if metric is None:
            return f"{self.name} was not measured: no question of these files asks for it."
        if self.option == UNDER and metric.value < self.limit:
            return f"{self.name} is {metric.value:.3f}, under {self.limit:g}."
        if self.option == OVER and metric.value > self.limit:
            return f"{self.name} is {metric.value:.3f}, over {self.limit:g}."
        return ""


def parse_bounds(under: list[str], over: list[str]) -> list[Bound]:
    """The bounds as given; raises BadParameter for an unknown figure, and for one whose good side is the other."""
    return [_bound(text, UNDER) for text in under] + [_bound(text, OVER) for text in over]


def _bound(text: str, option: str) -> Bound:
    from assistant.evaluation.metrics import LOWER_IS_BETTER, METRICS

    name, _, value = text.partition("=")
    name = name.strip()
    metric = name.partition(":")[0]
    if metric not in METRICS and not metric.startswith("rightly_refused_"):
        raise typer.BadParameter(f"{metric!r} is none of {', '.join(METRICS)}.", param_hint=option)
    good = OVER if metric in LOWER_IS_BETTER else UNDER
    if option != good:
        side = "lower" if good == OVER else "higher"
        raise typer.BadParameter(f"{metric} is better when {side}: use {good} {text}.", param_hint=option)
    try:
        return Bound(name, float(value), option)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not like {metric}=0.8.", param_hint=option) from None
