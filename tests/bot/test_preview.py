"""A guide as a picture: nothing of the guide is missing in it."""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree

import pytest

from bot.loading import LOCALES as LOCALE_FILES
from bot.loading import read_pack
from bot.world import PICKABLE
from content.load import compile_flow
from content.preview import Chart, Node, Way, chart, mermaid
from content.preview_svg import svg
from content.texts import english
from flows.graph import exits
from flows.model import Kind
from i18n.catalog import Catalog

GUIDES = tuple(read_pack("serbia").guides)
SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawn(guide: str, locale: str = "en") -> Chart:
    pack = read_pack("serbia")
    return chart(pack.guides[guide], Catalog.load(LOCALE_FILES, english(pack), PICKABLE), locale)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_step_and_every_way_of_a_guide_is_in_its_chart(guide: str) -> None:
    flow = compile_flow(read_pack("serbia").guides[guide])
    assert [node.id for node in drawn(guide).nodes] == list(flow.steps)
    ways = [(id_, to) for id_, step in flow.steps.items() for to in exits(step)]
    assert sorted((way.start, way.end) for way in drawn(guide).ways) == sorted(ways)


@pytest.mark.parametrize("guide", GUIDES)
def test_mermaid_has_every_step_and_every_way_with_its_label(guide: str) -> None:
    text = mermaid(drawn(guide))
    names = dict(re.findall(r'^    (n\d+)\W*"(.+?)<br/>', text, re.MULTILINE))
    assert list(names.values()) == [node.id for node in drawn(guide).nodes]
    found = re.findall(r'^    (n\d+) -->(?:\|"(.*)"\|)? (n\d+)$', text, re.MULTILINE)
    expected = [(way.start, way.label.replace('"', "#quot;"), way.end) for way in drawn(guide).ways]
    assert [(names[start], label, names[end]) for start, label, end in found] == expected


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_picture_has_every_step_and_every_way(guide: str, locale: str) -> None:
    picture = ElementTree.fromstring(svg(drawn(guide, locale), rtl=locale == "ar"))
    steps = [group.get("id") for group in picture.iter(f"{SVG}g") if group.get("class") == "step"]
    assert steps == [f"step-{node.id}" for node in drawn(guide).nodes]
    ways = {(path.get("data-from"), path.get("data-to")) for path in picture.iter(f"{SVG}path") if path.get("class")}
    assert ways == {(way.start, way.end) for way in drawn(guide).ways}
    assert picture.get("direction") == ("rtl" if locale == "ar" else None)


@pytest.mark.parametrize("guide", GUIDES)
def test_no_two_steps_lie_on_each_other(guide: str) -> None:
    picture = ElementTree.fromstring(svg(drawn(guide)))
    corners = [
        (float(rect.get("x", "")), float(rect.get("y", "")))
        for group in picture.iter(f"{SVG}g")
        if group.get("class") == "step"
        for rect in group.iter(f"{SVG}rect")
    ]
    overlaps = [
        (one, other)
        for at, one in enumerate(corners)
        for other in corners[at + 1 :]
        if abs(one[0] - other[0]) < 210 and abs(one[1] - other[1]) < 76
    ]
    assert overlaps == []


def test_loops_and_signs_of_markup_do_no_harm() -> None:
    nodes = (Node("a", Kind.QUESTION, '<b>"A" & B?</b>'), Node("b", Kind.NOTE, "B"), Node("c", Kind.END, "C"))
    ways = (Way("a", "b", "on"), Way("b", "a", "back"), Way("b", "b", "again"), Way("a", "c", "<end>"))
    picture = ElementTree.fromstring(svg(Chart("<T>", nodes, ways)))
    assert {path.get("data-to") for path in picture.iter(f"{SVG}path")} >= {"a", "b", "c"}
    assert "#quot;A#quot;" in mermaid(Chart("T", nodes, ways))
