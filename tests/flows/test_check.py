from __future__ import annotations

from dataclasses import replace

import pytest

from flows.check import Code, check, endings, structure_hash
from flows.model import AllOf, AnyOf, Case, Choice, ChoiceId, Flow, Kind, Not, Step, StepId
from tests.flows.build import action, branch, call, choices, end, flow, handoff, is_, library, note, question

STATUS = question("status", {"refugee": "sort", "other": "person", "unsaid": "sort"}, unsaid=["unsaid"], sensitive=True)
LICENCE = flow(
    STATUS,
    branch("sort", (is_("status", "refugee"), "look"), (Not(is_("consent", "yes")), "look"), otherwise="doctor"),
    call("doctor", "doctor", "look"),
    action("look", "bye", stuck="person"),
    end("bye"),
    handoff("person"),
)
DOCTOR = flow(action("book", "out", again="book"), end("out"), id_="doctor")


def codes(guide: Flow, *others: Flow) -> list[tuple[Code, str | None]]:
    return [(problem.code, problem.step) for problem in check(guide, library(guide, *others))]


def of(*steps: Step, start: str | None = None) -> list[tuple[Code, str | None]]:
    return codes(flow(*steps, start=start))


BYE = end("bye")
SEVEN = {f"c{number}": "bye" for number in range(7)}


def test_a_sound_guide_has_no_problems() -> None:
    assert codes(LICENCE, DOCTOR) == codes(DOCTOR) == []


def test_a_problem_tells_an_author_what_and_where() -> None:
    (problem,) = check(flow(note("hello", next="bye", more="gone"), BYE), {})
    assert (problem.code, problem.step) == (Code.UNKNOWN_TARGET, "hello")
    assert "'gone'" in problem.detail


@pytest.mark.parametrize(
    "step",
    [
        note("here", next="bye", other="gone"),
        branch("here", (is_("consent", "yes"), "gone"), otherwise="bye"),
        replace(
            call("here", "guide", "bye"), kind=Kind.NOTE, calls=None, next=StepId("gone"), choices=choices({"a": "bye"})
        ),
    ],
    ids=["choice", "case", "next"],
)
def test_an_exit_to_a_step_that_does_not_exist_is_found(step: Step) -> None:
    assert of(step, BYE) == [(Code.UNKNOWN_TARGET, "here")]


def test_a_start_that_does_not_exist_is_found() -> None:
    assert (Code.UNKNOWN_TARGET, None) in of(BYE, start="gone")


def test_a_step_to_which_nothing_leads_is_found() -> None:
    assert of(BYE, note("island", next="bye")) == [(Code.UNREACHABLE, "island")]


def test_a_wait_from_which_no_way_ends_is_found_and_one_with_a_way_out_is_not() -> None:
    assert of(note("here", out="bye", into="trap"), note("trap", on="trap2"), note("trap2", on="trap"), BYE) == [
        (Code.DEAD_END, "trap"),
        (Code.DEAD_END, "trap2"),
    ]


def test_a_loop_on_which_nothing_waits_is_found_once() -> None:
    one = branch("one", (is_("consent", "yes"), "bye"), otherwise="two")
    hello, into = note("hello", next="one", other="into"), branch("into", otherwise="one")
    assert of(hello, one, branch("two", otherwise="one"), into, BYE) == [(Code.SILENT_CYCLE, "one")]


def test_a_branch_that_leads_to_itself_is_found() -> None:
    assert of(branch("one", (is_("consent", "yes"), "bye"), otherwise="one"), BYE) == [(Code.SILENT_CYCLE, "one")]


def test_a_loop_with_a_wait_on_it_is_sound() -> None:
    assert of(note("menu", again="sort", out="bye"), branch("sort", otherwise="menu"), BYE) == []


def loop_through(inner: Flow) -> list[tuple[Code, str | None]]:
    in_again = branch("again", (is_("consent", "yes"), "bye"), otherwise="in")
    return codes(flow(call("in", "inner", "again"), in_again, BYE), inner)


def test_a_loop_through_a_called_flow_is_sound_only_where_that_flow_always_waits() -> None:
    asks = flow(note("hello", next="out"), end("out"), id_="inner")
    may_ask = flow(branch("sort", (is_("consent", "yes"), "hello"), otherwise="out"), *asks.steps.values(), id_="inner")
    assert loop_through(asks) == []
    assert [code for code, _ in loop_through(may_ask)] == [Code.SILENT_CYCLE]


@pytest.mark.parametrize(
    ("last", "code"),
    [
        (replace(BYE, choices=choices({"more": "here"})), Code.ENDING_GOES_ON),
        (replace(BYE, next=StepId("here")), Code.ENDING_GOES_ON),
        (replace(handoff("bye"), next=StepId("here")), Code.ENDING_GOES_ON),
        (replace(handoff("bye"), request=None), Code.NO_REQUEST),
    ],
    ids=["end with choices", "end with next", "handoff with next", "handoff without a request"],
)
def test_an_ending_that_is_none_or_asks_nobody_is_found(last: Step, code: Code) -> None:
    assert (code, "bye") in of(note("here", next="bye"), last)


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.ACTION, Kind.NOTE])
def test_a_step_that_should_wait_and_offers_nothing_is_found(kind: Kind) -> None:
    assert (Code.NO_CHOICES, "here") in of(Step(StepId("here"), kind, next=StepId("bye")), BYE)


def test_a_value_for_which_there_is_no_name_is_found() -> None:
    nameless = Step(StepId("here"), Kind.QUESTION, choices=(Choice(ChoiceId("yes"), StepId("bye"), "yes"),))
    assert of(nameless, BYE) == [(Code.VALUE_NOT_KEPT, "here")]


def test_seven_choices_are_sound_and_eight_too_many() -> None:
    assert of(question("town", SEVEN), BYE) == []
    assert of(question("town", {**SEVEN, "c7": "bye"}), BYE) == [(Code.TOO_MANY_CHOICES, "town")]


def cases(*whens: bool) -> Step:
    tests = tuple(Case(StepId("bye"), is_("consent", "yes") if when else None) for when in whens)
    return Step(StepId("sort"), Kind.BRANCH, cases=tests)


@pytest.mark.parametrize("sort", [cases(), cases(True), cases(False, True), cases(False, False)])
def test_a_branch_whose_last_case_alone_is_not_otherwise_is_found(sort: Step) -> None:
    assert (Code.NO_OTHERWISE, "sort") in of(sort, BYE)


def test_a_call_without_a_way_on_is_found() -> None:
    assert (Code.NO_NEXT, "in") in codes(flow(replace(call("in", "doctor", "bye"), next=None), BYE), DOCTOR)


def test_two_choices_with_one_id_are_found() -> None:
    twice = Step(StepId("here"), Kind.NOTE, choices=choices({"a": "bye"}) * 2)
    assert of(twice, BYE) == [(Code.DUPLICATE_ID, "here")]


def test_a_step_kept_under_another_id_is_found() -> None:
    guide = replace(flow(BYE), start=StepId("bye"), steps={StepId("bye"): BYE, StepId("other"): BYE})
    assert codes(guide)[0] == (Code.DUPLICATE_ID, "bye")


@pytest.mark.parametrize("id_", ["", "Bye", "bye_now", "bye now", "ba\n", "збогом", "b" * 21])
def test_an_id_that_a_button_could_not_carry_is_found(id_: str) -> None:
    assert of(end(id_)) == [(Code.BAD_ID, id_)]
    assert codes(flow(BYE, id_=id_)) == [(Code.BAD_ID, None)]


def test_ids_may_be_as_long_as_a_button_can_carry() -> None:
    assert codes(flow(note("s" * 20, **{"c" * 12: "bye"}), BYE, id_="f" * 20)) == []
    assert of(note("here", **{"c" * 13: "bye"}), BYE) == [(Code.BAD_ID, "here")]


def test_a_tested_name_that_no_question_asks_is_found_however_deep_it_stands() -> None:
    deep = AllOf((is_("country", "serbia"), AnyOf((Not(is_("stauts", "refugee")), is_("stauts", "other")))))
    assert of(branch("sort", (deep, "bye"), otherwise="bye"), BYE) == [(Code.NEVER_ASKED, "sort")]


def sorts_by_status(*more: Step) -> Flow:
    return flow(branch("sort", (is_("status", "refugee"), "out"), otherwise="out"), end("out"), *more, id_="inner")


def asks_then_calls(inner: str, *, sensitive: bool, id_: str = "guide") -> Flow:
    ask = question("ask", {"refugee": "in"}, name="status", sensitive=sensitive)
    return flow(ask, call("in", inner, "bye"), BYE, id_=id_)


def test_a_called_flow_may_test_what_a_caller_asks_however_far_up() -> None:
    top = asks_then_calls("middle", sensitive=False)
    middle = flow(call("in", "inner", "bye"), BYE, id_="middle")
    assert codes(sorts_by_status()) == [(Code.NEVER_ASKED, "sort")]
    assert codes(sorts_by_status(), top, middle) == []


def test_a_called_flow_that_could_not_ask_again_for_a_sensitive_answer_is_found() -> None:
    caller = asks_then_calls("inner", sensitive=True)
    assert codes(sorts_by_status(), caller) == [(Code.SENSITIVE_NOT_ASKED, "sort")]
    asking = sorts_by_status(question("ask", {"refugee": "out"}, name="status"))
    assert codes(asking, caller) == [(Code.UNREACHABLE, "ask")]


def test_a_moved_step_must_be_gone_and_lead_somewhere() -> None:
    assert codes(flow(BYE, moved={"old": "bye", "older": "old"})) == []
    assert codes(flow(BYE, moved={"bye": "bye"})) == [(Code.MOVED_BUT_HERE, "bye")]
    assert codes(flow(BYE, moved={"old": "gone"})) == [(Code.MOVED_NOWHERE, "old")]
    assert codes(flow(BYE, moved={"a": "b", "b": "a"})) == [(Code.MOVED_NOWHERE, "a"), (Code.MOVED_NOWHERE, "b")]


def calls(id_: str, inner: str) -> Flow:
    return flow(call("in", inner, "bye"), BYE, id_=id_)


def test_a_call_of_a_flow_that_does_not_exist_is_found() -> None:
    assert codes(calls("guide", "gone")) == [(Code.UNKNOWN_FLOW, "in")]


def test_a_guide_can_be_checked_beside_one_that_is_broken() -> None:
    assert codes(calls("guide", "doctor"), flow(BYE, start="gone", id_="doctor")) == []


def test_flows_that_call_each_other_in_a_circle_are_found() -> None:
    assert codes(calls("guide", "guide")) == [(Code.CALL_CYCLE, "in")]
    assert codes(calls("guide", "other"), calls("other", "guide")) == [(Code.CALL_CYCLE, "in")]


def test_a_flow_that_calls_into_somebody_elses_circle_is_not_blamed_for_it() -> None:
    assert codes(calls("guide", "one"), calls("one", "two"), calls("two", "one")) == []


def test_five_flows_deep_is_sound_and_six_too_deep() -> None:
    six = [*(calls(f"f{number}", f"f{number + 1}") for number in range(5)), flow(BYE, id_="f5")]
    assert codes(six[1], *six) == []
    assert codes(six[0], *six) == [(Code.CALL_TOO_DEEP, None)]


def test_endings_are_the_exits_after_which_nothing_follows() -> None:
    guide = flow(handoff("first", on="look"), action("look", "bye", stuck="person"), BYE, handoff("person"))
    assert endings(guide) == ["bye", "person"]


def test_the_hash_is_sixteen_hex_digits_and_the_same_in_any_order_of_writing() -> None:
    assert len(bytes.fromhex(LICENCE.hash)) == 8
    assert structure_hash(reversed(list(LICENCE.steps.values())), LICENCE.start) == LICENCE.hash


def test_the_hash_is_the_same_in_every_process_and_release() -> None:
    """Stored runs hold it: were it to change by itself, everybody would be told that their guide had changed."""
    town = branch("sort", (is_("town", "a", "b", "c", "d", "e", "f", "g"), "bye"), otherwise="bye")
    assert structure_hash((town, BYE), StepId("sort")) == "56a77d1c8c6ace58"


def test_no_two_structures_share_a_hash() -> None:
    look, tested = action("look", "bye"), is_("a", "1")
    instead_of_look = [
        look,
        action("look", "look"),
        action("look", "bye", stuck="bye"),
        note("look", done="bye"),
        question("look", {"done": "bye"}),
        question("look", {"done": "bye"}, unsaid=["done"]),
        question("look", {"done": "bye"}, name="other"),
        question("look", {"done": "bye"}, sensitive=True),
        branch("look", (tested, "bye"), otherwise="bye"),
        branch("look", (is_("a", "2"), "bye"), otherwise="bye"),
        branch("look", (Not(tested), "bye"), otherwise="bye"),
        branch("look", (AllOf((tested,)), "bye"), otherwise="bye"),
        branch("look", (AnyOf((tested,)), "bye"), otherwise="bye"),
        branch("look", (AnyOf((tested, tested)), "bye"), otherwise="bye"),
        call("look", "doctor", "bye"),
        call("look", "lawyer", "bye"),
        handoff("look", request="legal"),
        handoff("look", request="other"),
    ]
    hashes = [structure_hash((step, BYE), StepId("look")) for step in instead_of_look]
    hashes += [structure_hash((look, BYE), StepId("bye")), structure_hash((look, end("end")), StepId("look"))]
    assert len(set(hashes)) == len(hashes)


def test_a_guide_is_checked_as_it_is_and_not_as_the_library_has_it() -> None:
    sort = branch("sort", (is_("status", "refugee"), "bye"), otherwise="bye")
    mended = flow(question("status", {"refugee": "sort"}), sort, BYE)
    assert check(mended, library(flow(sort, BYE))) == []
