"""Walks over small graphs, for the checker and for counting steps. Loops cannot hang them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from flows.model import Flow, FlowId, Step, StepId

Node = TypeVar("Node", bound=Hashable)
Edges = Callable[[Node], Iterable[Node]]


def exits(step: Step) -> list[StepId]:
    """Return every step that this one names as what follows, in written order."""
    onward = [choice.to for choice in step.choices] + [case.to for case in step.cases]
    return onward if step.next is None else [*onward, step.next]


def ways(flow: Flow) -> dict[StepId, list[StepId]]:
    """Return the graph of a flow: every step with those of its exits that exist."""
    steps = flow.steps
    return {id_: [to for to in exits(step) if to in steps] for id_, step in steps.items()}


def called(flow: Flow) -> tuple[FlowId, ...]:
    """Return the flows that this one calls."""
    return tuple(step.calls for step in flow.steps.values() if step.calls is not None)


def reachable(start: Node, edges: Edges[Node]) -> dict[Node, None]:
    """Return `start` and all that can be reached from it, as an ordered set."""
    found = {start: None}
    waiting = [start]
    while waiting:
        for node in edges(waiting.pop()):
            if node not in found:
                found[node] = None
                waiting.append(node)
    return found


def components(start: Node, edges: Edges[Node]) -> Iterator[list[Node]]:
    """Yield the strongly connected components reachable from `start`, each before those that lead to it.

    A component of several nodes is a loop or loops grown together. Tarjan's algorithm with a stack of its own, so that
    a long guide does not meet Python's limit of recursion.
    """
    index = {start: 0}
    low = {start: 0}
    unsettled = [start]
    settled: set[Node] = set()
    trail = [(start, iter(edges(start)))]
    while trail:
        node, ahead = trail[-1]
        for other in ahead:
            if other not in index:
                index[other] = low[other] = len(index)
                unsettled.append(other)
                trail.append((other, iter(edges(other))))
                break
            if other not in settled:
                low[node] = min(low[node], index[other])
        else:
            trail.pop()
            if trail:
                low[trail[-1][0]] = min(low[trail[-1][0]], low[node])
            if low[node] == index[node]:
                cut = unsettled.index(node)
                component, unsettled = unsettled[cut:], unsettled[:cut]
                settled.update(component)
                yield component
