"""A guide as a picture, for authors and reviewers: its steps, and the ways between them by the words on the buttons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from content.load import compile_flow
from content.schema import BranchStep, CallStep, Case, Guide
from flows.model import Kind
from i18n.catalog import Catalog

OTHERWISE = "else"
#: How Mermaid draws each kind of step: what stands before and after its label.
_MERMAID: dict[Kind, tuple[str, str]] = {
    Kind.QUESTION: ("{{", "}}"),
    Kind.ACTION: ("[", "]"),
    Kind.NOTE: ("(", ")"),
    Kind.HANDOFF: ("[/", "/]"),
    Kind.BRANCH: ("{", "}"),
    Kind.CALL: ("[[", "]]"),
    Kind.END: ("([", "])"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """One step. label: what a person reads there; for a silent step, what it does."""

    id: str
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class Way:
    """From one step to another. label: the button, or the condition; "" where it goes on by itself."""

    start: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A guide's graph in one language. nodes: in written order, the start first."""

    title: str
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]


def chart(guide: Guide, catalog: Catalog, locale: str) -> Chart:
    """Every step of a guide and every way between them. Raises KeyError for a locale that cannot be picked."""

    def say(key: str) -> str:
        return catalog.text(locale, f"{guide.id}.{key}").string

    shown = guide.shown()
    silent = {step.id: step for step in guide.steps if isinstance(step, BranchStep | CallStep)}
    flow = compile_flow(guide)
    nodes = tuple(
        Node(id_, step.kind, say(f"{id_}.title") if id_ in shown else _does(silent[id_]))
        for id_, step in flow.steps.items()
    )
    ways = [
        Way(id_, choice.to, say(f"{id_}.{choice.id}")) for id_, step in flow.steps.items() for choice in step.choices
    ]
    ways += [way for step in silent.values() for way in _silent_ways(step)]
    return Chart(say("guide.title"), nodes, tuple(ways))


def mermaid(chart: Chart) -> str:
    """The chart as Mermaid text, which many editors and code hosts draw by themselves."""
    numbers = {node.id: f"n{number}" for number, node in enumerate(chart.nodes, start=1)}
    lines = ["---", f"title: {_quoted(chart.title)}", "---", "flowchart TD"]
    for node in chart.nodes:
        before, after = _MERMAID[node.kind]
        lines.append(f"    {numbers[node.id]}{before}{_quoted(f'{node.id}<br/>{node.label}')}{after}")
    for way in chart.ways:
        label = f"|{_quoted(way.label)}|" if way.label else ""
        lines.append(f"    {numbers[way.start]} -->{label} {numbers[way.end]}")
    return "\n".join(lines)


def _does(step: BranchStep | CallStep) -> str:
    return f"→ {step.call}" if isinstance(step, CallStep) else "?"


def _silent_ways(step: BranchStep | CallStep) -> Iterator[Way]:
    if isinstance(step, CallStep):
        yield Way(step.id, step.next, "")
    else:
        yield from (Way(step.id, case.to, _condition(case)) for case in step.branch)


def _condition(case: Case) -> str:
    if case.when is None:
        return OTHERWISE
    return ", ".join(f"{name} = {' | '.join(sorted(values))}" for name, values in case.when.items())


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'
