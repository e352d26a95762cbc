"""A chart drawn as SVG: steps in layers from the start down, ways as curves that keep clear of the steps between.

The usual four acts for layered graphs (Sugiyama): break loops, give layers, order each layer by its neighbours, draw.
A guide has some thirty steps, so plain and slow enough is fine.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from content.preview import Chart, Node, Way
from flows.graph import reachable
from flows.model import Kind

WIDTH, HEIGHT = 210, 76  # of a step, in pixels
GAP_X, GAP_Y = 36, 74
BEND = 60  # width of a place where a long way passes a layer
MARGIN = 30
LETTERS = 30  # in a line of a label
LINES = 3  # of a label
SWEEPS = 8  # of ordering, down and up
FILL: dict[Kind, str] = {
    Kind.QUESTION: "#fff4d6",
    Kind.ACTION: "#dff1e4",
    Kind.NOTE: "#eef1f5",
    Kind.HANDOFF: "#fde2e2",
    Kind.BRANCH: "#ffffff",
    Kind.CALL: "#e6e4fb",
    Kind.END: "#dbe9fb",
}

Place = tuple[str, str, int]  # a step (id, "", layer), or a bend of a way (start, end, layer)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Where everything stands: the middle of each place, in pixels."""

    middle: Mapping[Place, tuple[float, float]]
    width: float
    height: float


def svg(chart: Chart, *, rtl: bool = False) -> str:
    """The chart as an SVG picture without script, links or foreign fonts. rtl: its labels run from right to left."""
    layer = _layers(chart)
    drawing = _placed(chart, layer)
    direction = ' direction="rtl"' if rtl else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:.0f} {drawing.height:.0f}" '
        f'width="{drawing.width:.0f}" height="{drawing.height:.0f}" font-family="sans-serif" font-size="12" '
        f'text-anchor="middle"{direction}>',
        f"<title>{escape(chart.title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    parts += [_way(way, layer, drawing) for way in _joined(chart.ways)]
    parts += [_step(node, *drawing.middle[node.id, "", layer[node.id]]) for node in chart.nodes]
    return "\n".join([*parts, "</svg>"])


def _joined(ways: Sequence[Way]) -> list[tuple[str, str, list[str]]]:
    """Ways between the same two steps are one curve with all their labels."""
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for way in ways:
        labels[way.start, way.end].append(way.label)
    return [(start, end, [label for label in said if label]) for (start, end), said in labels.items()]


def _layers(chart: Chart) -> dict[str, int]:
    """The layer of each step: one below the lowest step that leads to it. Ways that close a loop do not count."""
    onward: dict[str, list[str]] = {node.id: [] for node in chart.nodes}
    for way in sorted(chart.ways, key=lambda way: list(onward).index(way.start)):
        if way.start not in reachable(way.end, onward.__getitem__):
            onward[way.start].append(way.end)
    layer = dict.fromkeys(onward, 0)
    for _ in onward:  # as many rounds as there are steps are enough for the longest way
        for start, ends in onward.items():
            for end in ends:
                layer[end] = max(layer[end], layer[start] + 1)
    return layer


def _stops(start: str, end: str, layer: Mapping[str, int]) -> list[Place]:
    """The places that a way passes, from its start to its end."""
    first, last = layer[start], layer[end]
    step = 1 if last >= first else -1
    bends = [(start, end, at) for at in range(first + step, last, step)]
    return [(start, "", first), *bends, (end, "", last)]


def _placed(chart: Chart, layer: Mapping[str, int]) -> _Drawing:
    """Order the layers, then give every place its middle."""
    layers: list[list[Place]] = [[] for _ in range(max(layer.values()) + 1)]
    for node in chart.nodes:
        layers[layer[node.id]].append((node.id, "", layer[node.id]))
    beside: dict[Place, list[Place]] = defaultdict(list)
    for start, end, _ in _joined(chart.ways):
        stops = _stops(start, end, layer)
        for bend in stops[1:-1]:
            layers[bend[2]].append(bend)
        for one, other in pairwise(stops):
            beside[one].append(other)
            beside[other].append(one)
    _order(layers, beside)
    widest = max(sum(_width(place) + GAP_X for place in row) for row in layers)
    middle = {}
    for number, row in enumerate(layers):
        x = MARGIN + (widest - sum(_width(place) + GAP_X for place in row)) / 2
        for place in row:
            middle[place] = (x + (_width(place) + GAP_X) / 2, MARGIN + HEIGHT / 2 + number * (HEIGHT + GAP_Y))
            x += _width(place) + GAP_X
    return _Drawing(middle, widest + 2 * MARGIN, len(layers) * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN)


def _order(layers: Sequence[list[Place]], beside: Mapping[Place, Sequence[Place]]) -> None:
    """Put every place near the average of its neighbours in the layer before, downwards and upwards in turn."""
    for sweep in range(SWEEPS):
        numbers = range(1, len(layers)) if sweep % 2 == 0 else range(len(layers) - 2, -1, -1)
        for number in numbers:
            near = layers[number - 1 if sweep % 2 == 0 else number + 1]
            at = {place: position / len(near) for position, place in enumerate(near)}
            here = {place: position / len(layers[number]) for position, place in enumerate(layers[number])}
            layers[number].sort(key=lambda place: _average([at[p] for p in beside[place] if p in at], here[place]))


def _average(positions: Sequence[float], otherwise: float) -> float:
    return sum(positions) / len(positions) if positions else otherwise


def _width(place: Place) -> int:
    return BEND if place[1] else WIDTH


def _way(way: tuple[str, str, list[str]], layer: Mapping[str, int], drawing: _Drawing) -> str:
    start, end, labels = way
    points = [drawing.middle[stop] for stop in _stops(start, end, layer)]
    down = 1 if layer[end] >= layer[start] else -1
    (x, y), (last_x, last_y) = points[0], points[-1]
    points[0], points[-1] = (x, y + down * HEIGHT / 2), (last_x, last_y - down * HEIGHT / 2)
    line = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for (from_x, from_y), (to_x, to_y) in pairwise(points):
        half = (from_y + to_y) / 2
        line += f"C{from_x:.0f} {half:.0f} {to_x:.0f} {half:.0f} {to_x:.0f} {to_y:.0f}"
    x, y = (points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2
    return (
        f'<path class="way" data-from="{escape(start)}" data-to="{escape(end)}" d="{line}" fill="none" stroke="#555" '
        f'marker-end="url(#tip)"/>'
        f'<g font-size="10" fill="#333" stroke="#fff" stroke-width="3" paint-order="stroke">'
        f"{_lines(labels, x, y, 12)}</g>"
    )


def _lines(lines: Sequence[str], x: float, middle: float, apart: float) -> str:
    """Lines of text round a middle, `apart` pixels from one to the next."""
    top = middle - apart * (len(lines) - 1) / 2
    return "".join(
        f'<text x="{x:.0f}" y="{top + apart * at:.0f}">{escape(line)}</text>' for at, line in enumerate(lines)
    )


def _step(node: Node, x: float, y: float) -> str:
    lines = textwrap.wrap(node.label, LETTERS, max_lines=LINES, placeholder=" …")
    return (
        f'<g class="step" id="step-{escape(node.id)}"><title>{escape(node.label)}</title>'
        f'<rect x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="8" '
        f'fill="{FILL[node.kind]}" stroke="#888"/>'
        f'<text x="{x:.0f}" y="{y - HEIGHT / 2 + 14:.0f}" font-size="10" fill="#666" direction="ltr">'
        f"{escape(node.id)}</text>{_lines(lines, x, y + 10, 15)}</g>"
    )
