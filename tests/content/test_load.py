"""A pack: what is whole works on, what is broken is told; and a guide becomes the graph that it describes."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.load import compile_flow, library, load_country
from content.problems import ContentError
from content.urgent import UrgentWords
from flows import model as flow
from flows.model import Kind
from tests.content.build import GUIDE, country, line_of, pack

SMALL = "guides/serbia/small.yaml"


def other(root: Path, id_: str, *edits: tuple[str, str]) -> Path:
    text = GUIDE.replace("guide: small", f"guide: {id_}")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path = root / f"guides/serbia/{id_}.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_broken_guide_is_left_out_and_all_else_works(tmp_path: Path) -> None:
    root = country(tmp_path)
    other(root, "broken", ("strength: check", "strength: sure"))
    loaded = load_country(root, "serbia")
    assert list(loaded.guides) == ["small"]
    assert [Path(problem.file).name for problem in loaded.broken] == ["broken.yaml"]


def test_the_emergency_card_is_there_when_every_guide_is_broken(tmp_path: Path) -> None:
    root = country(tmp_path)
    (root / SMALL).write_text("][", "utf-8")
    loaded = load_country(root, "serbia")
    assert loaded.guides == {}
    assert loaded.urgent.numbers[0].number == "192"
    assert UrgentWords(loaded.words).is_urgent("I am IN DANGER")


@pytest.mark.parametrize(
    ("old", "new", "marker", "reason"),
    [
        ("sources: [LAW]", "sources: [LAWS]", "sources: [LAWS]", "no source 'LAWS'"),
        ("icon: home\n", "icon: house\n", "icon: house", "no icon 'house'"),
        ("clerk_card: clerk", "places: [court]", "places: [court]", "no place 'court'"),
        ("to: fetch}", "to: fetching}", "id: status", "'fetching', which does not exist"),
        ("      - {to: helper}\n", "", "id: fork", "otherwise"),
        ("moved: {}", "moved: {old: nowhere}", "moved:", "does not exist"),
        ("to: helper}\n  - id: fetch", "to: fetch}\n  - id: fetch", "", ""),
    ],
)
def test_a_guide_that_leads_nowhere_is_broken_with_its_line(
    tmp_path: Path, old: str, new: str, marker: str, reason: str
) -> None:
    loaded = pack(tmp_path, (old, new))
    if not reason:  # the control: an edit that is sound
        assert loaded.broken == ()
        return
    assert loaded.guides == {}
    assert [problem.line for problem in loaded.broken if reason in problem.text] == [
        line_of(tmp_path / "content" / SMALL, marker)
    ], loaded.broken


def test_a_guide_that_calls_a_broken_one_is_left_out_too(tmp_path: Path) -> None:
    root = country(tmp_path)
    other(root, "inner", ("to: fetch}", "to: nowhere}"))
    call = "  - id: other\n    call: inner\n    next: finished\n  - id: helper"
    other(root, "outer", ("  - id: helper", call), ("      - {to: helper}", "      - {to: other}"))
    loaded = load_country(root, "serbia")
    assert list(loaded.guides) == ["small"]
    assert {Path(problem.file).stem for problem in loaded.broken} == {"inner", "outer"}


def test_a_guide_may_call_another_and_go_on(tmp_path: Path) -> None:
    root = country(tmp_path)
    call = "  - id: other\n    call: small\n    next: finished\n  - id: helper"
    other(root, "outer", ("  - id: helper", call), ("      - {to: helper}", "      - {to: other}"))
    loaded = load_country(root, "serbia")
    assert loaded.broken == ()
    step = library(loaded.guides)[flow.FlowId("outer")].steps[flow.StepId("other")]
    assert (step.kind, step.calls, step.next) == (Kind.CALL, "small", "finished")


def test_other_broken_files_stop_the_start_and_are_told_together(tmp_path: Path) -> None:
    root = country(tmp_path)
    (root / "icons.yaml").write_text("home: house\n", "utf-8")
    (root / "hours.yaml").unlink()
    with pytest.raises(ContentError) as error:
        load_country(root, "serbia")
    assert [Path(problem.file).name for problem in error.value.problems] == ["hours.yaml", "icons.yaml"]


@pytest.mark.parametrize("text", ["'{Count} steps'", "'{} steps'", "{text: 'a } brace'}"])
def test_a_text_with_a_brace_that_is_no_placeholder_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    root = country(tmp_path, ("title: How can I help?", f"title: {text}"), file="texts/bot.yaml")
    with pytest.raises(ContentError, match="brace") as error:
        load_country(root, "serbia")
    assert {problem.line for problem in error.value.problems} == {line_of(root / "texts/bot.yaml", "title:")}


def test_guides_stand_in_the_order_that_they_say(tmp_path: Path) -> None:
    root = country(tmp_path)
    other(root, "last", ("order: 1", "order: 2"))
    other(root, "first", ("order: 1", "order: 0"))
    assert list(load_country(root, "serbia").guides) == ["first", "small", "last"]


def test_a_guide_compiles_to_the_graph_that_it_describes(tmp_path: Path) -> None:
    compiled = compile_flow(pack(tmp_path).guides["small"])
    steps = {str(id_): step for id_, step in compiled.steps.items()}
    kinds = {id_: step.kind for id_, step in steps.items()}
    assert kinds == {
        "status": Kind.QUESTION,
        "fetch": Kind.ACTION,
        "fork": Kind.BRANCH,
        "helper": Kind.HANDOFF,
        "finished": Kind.END,
    }
    assert compiled.start == "status"
    assert (steps["status"].answer, steps["status"].sensitive) == ("status", True)
    assert [choice.value for choice in steps["status"].choices] == ["refugee", None]
    assert steps["fork"].cases[0].when == flow.Is("status", frozenset({"refugee"}))
    assert steps["fork"].cases[1].when is None
    assert (steps["helper"].request, steps["helper"].ending) == ("step_help", True)


def test_several_names_in_a_condition_must_all_fit(tmp_path: Path) -> None:
    both = ("{status: [refugee]}", "{status: [refugee, permanent], country: [serbia]}")
    condition = compile_flow(pack(tmp_path, both).guides["small"]).steps[flow.StepId("fork")].cases[0].when
    assert condition == flow.AllOf(
        (flow.Is("status", frozenset({"refugee", "permanent"})), flow.Is("country", frozenset({"serbia"})))
    )


def test_texts_do_not_change_the_hash_and_structure_does(tmp_path: Path) -> None:
    before = compile_flow(pack(tmp_path).guides["small"]).hash
    reworded = compile_flow(pack(tmp_path, ("Fetch the paper.", "Get the paper.")).guides["small"]).hash
    rewired = compile_flow(pack(tmp_path, ("to: helper}\n  - id: fetch", "to: fetch}\n  - id: fetch")).guides["small"])
    assert reworded == before
    assert rewired.hash != before
