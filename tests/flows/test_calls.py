from __future__ import annotations

import pytest

from flows.effects import Ended, LeftAtStart, OpenRequest, Show
from flows.engine import FlowError
from flows.events import AnswersDropped, Restarted, WentBack
from flows.model import Flow, FlowId, StepId
from tests.flows.build import Walker, action, branch, call, end, flow, handoff, is_, note, question, walk

DOCTOR = flow(
    action("book", "sure"), note("sure", next="ready", stuck="person"), end("ready"), handoff("person"), id_="doctor"
)
LICENCE = flow(action("look", "medical"), call("medical", "doctor", "pay"), action("pay", "bye"), end("bye"))


def test_a_called_flow_is_walked_and_then_the_outer_one_goes_on() -> None:
    walker = walk(LICENCE, DOCTOR).picks("done")
    assert [run.flow for run in walker.session.runs] == ["guide", "doctor"]
    walker.picks("done", "next")
    assert [(effect.flow, effect.step) for effect in walker.effects if isinstance(effect, Show)] == [
        ("doctor", "ready"),
        ("guide", "pay"),
    ]
    assert [run.flow for run in walker.session.runs] == ["guide"]


def test_runs_never_share_an_id() -> None:
    walker = walk(LICENCE, DOCTOR).picks("done")
    assert [run.id for run in walker.session.runs] == [1, 2]
    assert walker.meets(WentBack()).picks("done").run.id == 3


def test_a_handoff_that_ends_a_called_flow_ends_the_outer_one_too() -> None:
    walker = walk(LICENCE, DOCTOR).picks("done", "done", "stuck")
    assert isinstance(walker.effects[0], OpenRequest)
    assert walker.effects[-1] == Ended(FlowId("doctor"), StepId("person"))
    assert walker.session.runs == ()


def test_back_at_the_first_wait_of_a_called_flow_goes_into_the_outer_run() -> None:
    walker = walk(LICENCE, DOCTOR).picks("done").meets(WentBack())
    assert ([run.flow for run in walker.session.runs], walker.at) == (["guide"], "look")


def test_back_inside_a_called_flow_stays_in_it() -> None:
    walker = walk(LICENCE, DOCTOR).picks("done", "done").meets(WentBack())
    assert (walker.run.flow, walker.at) == ("doctor", "book")


def test_back_leaves_at_the_start_where_no_run_of_the_stack_has_a_wait_behind() -> None:
    walker = walk(flow(call("medical", "doctor", "bye"), end("bye")), DOCTOR).meets(WentBack())
    assert walker.effects == (LeftAtStart(FlowId("guide")),)
    assert walker.run.flow == "doctor"


def test_restarting_begins_the_outermost_flow() -> None:
    walker = walk(LICENCE, DOCTOR).picks("done").meets(Restarted())
    assert ([run.flow for run in walker.session.runs], walker.at) == (["guide"], "look")


def chain(length: int) -> list[Flow]:
    callers = [flow(call("in", f"f{n + 1}", "out"), end("out"), id_=f"f{n}") for n in range(1, length)]
    return [*callers, flow(note("here", next="out"), end("out"), id_=f"f{length}")]


def test_five_runs_may_stand_on_each_other_and_not_six() -> None:
    assert len(walk(*chain(5)).session.runs) == 5
    with pytest.raises(FlowError, match="6 deep"):
        walk(*chain(6))


def test_a_call_of_a_flow_that_does_not_exist_is_an_error_of_the_guide() -> None:
    with pytest.raises(FlowError, match="doctor"):
        walk(LICENCE).picks("done")


def two_that_ask(*, inner_asks: str, outer_tests: str, unsaid: str = "") -> Walker:
    outer = flow(
        question("town", {"nis": "in", "sid": "in"}),
        call("in", "inner", "sort"),
        branch("sort", (is_(outer_tests, "sid"), "yes"), otherwise="no"),
        note("yes", next="no"),
        end("no"),
    )
    inner = flow(
        question("ask", {"sid": "out", "nis": "out"}, name=inner_asks, unsaid=[unsaid]),
        end("out"),
        id_="inner",
    )
    return walk(outer, inner)


def test_an_answer_for_which_the_outer_flow_asks_too_is_copied_outward() -> None:
    assert two_that_ask(inner_asks="town", outer_tests="town").picks("nis", "sid").at == "yes"


def test_other_answers_of_a_called_flow_stay_inside() -> None:
    walker = two_that_ask(inner_asks="street", outer_tests="street").picks("nis", "sid")
    assert walker.effects[-1] == Ended(FlowId("guide"), StepId("no"))


def test_declining_inside_takes_back_the_answer_given_outside() -> None:
    walker = two_that_ask(inner_asks="town", outer_tests="town", unsaid="sid").picks("sid", "sid")
    assert walker.effects[-1] == Ended(FlowId("guide"), StepId("no"))


def test_declining_inside_hides_the_answer_given_outside() -> None:
    outer = flow(question("town", {"nis": "in"}), call("in", "inner", "bye"), end("bye"))
    inner = flow(
        question("town", {"nis": "read", "unsaid": "read"}, unsaid=["unsaid"]),
        note("read", next="sort"),
        branch("sort", (is_("town", "nis"), "out"), otherwise="out"),
        end("out"),
        id_="inner",
    )
    assert walk(outer, inner).picks("nis", "unsaid", "next").at == "town"


def sorting_inside(*steps_of_inner: str) -> Flow:
    return flow(
        branch("sort", (is_("status", "refugee"), "yes"), otherwise="no"),
        note("yes", next="no"),
        end("no"),
        *(question(step, {"refugee": "no"}) for step in steps_of_inner),
        id_="inner",
    )


ASKS_THEN_CALLS = flow(
    question("status", {"refugee": "read", "other": "read"}, sensitive=True),
    note("read", next="in"),
    call("in", "inner", "bye"),
    end("bye"),
)


def test_answers_of_the_outer_flow_are_seen_inside() -> None:
    assert walk(ASKS_THEN_CALLS, sorting_inside()).picks("refugee", "next").at == "yes"


def test_a_dropped_answer_is_asked_for_by_the_called_flow_where_it_can() -> None:
    inside = walk(ASKS_THEN_CALLS, sorting_inside("status")).picks("refugee").meets(AnswersDropped()).picks("next")
    assert (inside.run.flow, inside.at, inside.run.detour) == ("inner", "status", "sort")


def test_a_called_flow_that_cannot_ask_for_a_dropped_answer_takes_otherwise() -> None:
    walker = walk(ASKS_THEN_CALLS, sorting_inside()).picks("refugee").meets(AnswersDropped()).picks("next")
    assert walker.effects[-1] == Ended(FlowId("guide"), StepId("bye"))
