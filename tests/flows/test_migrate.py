from __future__ import annotations

from collections.abc import Mapping

import pytest

from flows.effects import LeftAtStart, Moved, OpenRequest, Show
from flows.engine import FlowError
from flows.events import Event, Picked, Returned, WentBack
from flows.model import ChoiceId, Flow, FlowId, Step, StepId
from tests.flows.build import Walker, action, branch, call, end, flow, handoff, is_, note, question, walk

GUIDE, NEW_WAIT = FlowId("guide"), 4


def chain(*ids: str, moved: Mapping[str, str] | None = None) -> Flow:
    """Actions one after the other, then an end."""
    steps = [action(here, to) for here, to in zip(ids, (*ids[1:], "bye"), strict=True)]
    return flow(*steps, end("bye"), moved=moved)


def edited(guide: Flow, *others: Flow, picks: str = "done done", to: Flow) -> Walker:
    """Somebody walked `guide`; today it is `to`."""
    walker = walk(guide, *others).picks(*picks.split())
    walker.library = {**walker.library, to.id: to}
    return walker


def moved(gone: str, to: str) -> Moved:
    return Moved(GUIDE, StepId(gone), StepId(to))


def test_an_edit_elsewhere_moves_nobody_and_the_run_has_todays_structure() -> None:
    today = chain("a", "new", "b", "c", "d")
    walker = edited(chain("a", "b", "c"), to=today).meets(Returned())
    assert walker.effects == (Show(GUIDE, StepId("c"), run=1, visit=3, number=3, of=4, again=True),)
    assert walker.run.hash == today.hash


def test_a_press_still_counts_where_its_step_still_exists() -> None:
    assert edited(chain("a", "b", "c"), to=chain("a", "b", "c", "d")).picks("done").at == "d"


def test_a_step_that_was_renamed_is_followed() -> None:
    walker = edited(chain("a", "b", "c"), to=chain("a", "b", "cc", moved={"c": "cc"})).meets(Returned())
    assert walker.effects == (moved("c", "cc"), Show(GUIDE, StepId("cc"), run=1, visit=NEW_WAIT, number=3, of=3))


def test_a_chain_of_renamings_is_followed() -> None:
    walker = edited(chain("a", "b", "c"), to=chain("a", "b", "c3", moved={"c": "c2", "c2": "c3"}))
    assert walker.meets(Returned()).effects[0] == moved("c", "c3")


@pytest.mark.parametrize(
    "leads", [{}, {"c": "gone"}, {"c": "c2", "c2": "c"}], ids=["not listed", "nowhere", "a circle"]
)
def test_where_moved_does_not_help_the_last_step_that_was_done_is_where_one_stands(leads: dict[str, str]) -> None:
    walker = edited(chain("a", "b", "c"), to=chain("a", "b", moved=leads)).meets(Returned())
    assert walker.effects[0] == moved("c", "b")
    assert walker.run.path == ("a",)


def test_steps_that_are_gone_as_well_are_skipped_on_the_way_back() -> None:
    assert edited(chain("a", "b", "c"), to=chain("a", "z")).meets(Returned()).at == "a"


def test_where_nothing_is_left_of_the_way_one_stands_at_the_start() -> None:
    walker = edited(chain("a", "b", "c"), to=chain("x", "y")).meets(Returned())
    assert (walker.at, walker.run.path) == ("x", ())


def test_finished_steps_stay_finished_by_id() -> None:
    assert edited(chain("a", "b", "c"), to=chain("b", "y")).meets(Returned()).run.done == ("a", "b")


def test_a_step_moved_to_one_that_lies_behind_cuts_the_way_there() -> None:
    walker = edited(chain("a", "b", "c"), to=chain("a", "b", moved={"c": "a"})).meets(Returned())
    assert (walker.at, walker.run.path) == ("a", ())


@pytest.mark.parametrize(
    "event", [Picked(1, 3, ChoiceId("done")), WentBack(), Returned()], ids=lambda e: type(e).__name__
)
def test_whatever_was_meant_for_a_step_that_is_gone_is_not_applied(event: Event) -> None:
    walker = edited(chain("a", "b", "c"), to=chain("a", "b", "cc", "d", moved={"c": "cc"})).meets(event)
    assert (walker.at, walker.run.done) == ("cc", ("a", "b"))
    assert walker.effects[0] == moved("c", "cc")


def test_an_old_button_does_not_answer_the_step_that_stands_for_its_own() -> None:
    walker = edited(chain("a", "b", "c"), to=chain("a", "b", "cc", moved={"c": "cc"}))
    press = Picked(walker.run.id, walker.run.visit, ChoiceId("done"))
    assert walker.meets(Returned()).meets(press).run.done == ("a", "b")


def test_back_skips_steps_that_are_gone() -> None:
    assert edited(chain("a", "b", "c"), to=chain("a", "c")).meets(WentBack()).at == "a"


def test_back_skips_steps_that_no_longer_wait() -> None:
    today = flow(action("a", "b"), branch("b", otherwise="c"), action("c", "bye"), end("bye"))
    assert edited(chain("a", "b", "c"), to=today).meets(WentBack()).at == "a"


def test_back_leaves_at_the_start_where_all_that_lay_behind_is_gone() -> None:
    walker = edited(chain("a", "b", "c"), to=chain("c", "d")).meets(WentBack())
    assert walker.effects == (LeftAtStart(GUIDE),)


def test_a_step_moved_to_a_silent_one_is_walked_on_to_the_next_wait() -> None:
    today = flow(
        action("a", "sort"), branch("sort", otherwise="z"), action("z", "bye"), end("bye"), moved={"b": "sort"}
    )
    walker = edited(chain("a", "b"), picks="done", to=today).meets(Returned())
    assert walker.effects[0] == moved("b", "sort")
    assert walker.at == "z"


def test_a_step_that_no_longer_waits_is_walked_on() -> None:
    today = flow(action("a", "b"), branch("b", otherwise="z"), action("z", "bye"), end("bye"))
    walker = edited(chain("a", "b"), picks="done", to=today).meets(Returned())
    assert [type(effect) for effect in walker.effects] == [Show]
    assert walker.at == "z"


def test_being_moved_to_a_handoff_that_waits_opens_no_request() -> None:
    today = flow(action("a", "help"), handoff("help", go="bye"), end("bye"), moved={"b": "help"})
    walker = edited(chain("a", "b"), picks="done", to=today).meets(Returned())
    assert walker.at == "help"
    assert not any(isinstance(effect, OpenRequest) for effect in walker.effects)


def status_guide(*, ask: str, sort: str, gone: Mapping[str, str] | None = None) -> Flow:
    return flow(
        question(ask, {"refugee": "read", "unsaid": "read"}, name="status", unsaid=["unsaid"]),
        note("read", next=sort),
        branch(sort, (is_("status", "refugee"), "walk"), otherwise="bye"),
        note("walk", next="bye"),
        end("bye"),
        moved=gone,
    )


def test_a_question_asked_again_leads_back_to_its_branch_though_the_branch_was_renamed() -> None:
    today = status_guide(ask="ask", sort="decide", gone={"sort": "decide"})
    walker = edited(status_guide(ask="ask", sort="sort"), picks="unsaid next", to=today)
    assert walker.run.detour == "sort"
    assert walker.picks("refugee").at == "walk"


def test_a_question_asked_again_leads_back_to_its_branch_though_the_question_was_renamed() -> None:
    today = status_guide(ask="asked", sort="sort", gone={"ask": "asked"})
    walker = edited(status_guide(ask="ask", sort="sort"), picks="unsaid next", to=today).meets(Returned())
    assert walker.at == "asked"
    assert walker.picks("refugee").at == "walk"


def test_who_was_asked_again_by_a_question_that_is_gone_goes_on_from_the_wait_before() -> None:
    today = status_guide(ask="asked", sort="sort")
    walker = edited(status_guide(ask="ask", sort="sort"), picks="unsaid next", to=today).meets(Returned())
    assert (walker.at, walker.run.detour) == ("read", None)


def test_a_question_asked_again_whose_branch_is_gone_leads_where_its_choice_says() -> None:
    today = flow(
        question("ask", {"refugee": "read", "unsaid": "read"}, name="status"), note("read", next="bye"), end("bye")
    )
    walker = edited(status_guide(ask="ask", sort="sort"), picks="unsaid next", to=today)
    assert walker.picks("refugee").at == "read"


DOCTOR = flow(action("book", "visit"), action("visit", "out"), end("out"), id_="doctor")
CALLS = flow(action("a", "in"), call("in", "doctor", "z"), action("z", "bye"), end("bye"))


def in_doctor(*steps: Step, gone: Mapping[str, str] | None = None) -> Walker:
    """Somebody stands at `visit` of the called flow; today the outer flow has these steps."""
    return edited(CALLS, DOCTOR, to=flow(*steps, end("bye"), moved=gone)).meets(Returned())


def test_a_step_that_is_gone_from_a_called_flow_is_left_inside_that_flow() -> None:
    today = flow(action("book", "out"), end("out"), id_="doctor")
    walker = edited(CALLS, DOCTOR, to=today).meets(Returned())
    assert walker.effects[0] == Moved(FlowId("doctor"), StepId("visit"), StepId("book"))
    assert [run.step for run in walker.session.runs] == ["in", "book"]


def test_a_renamed_call_moves_nobody_who_is_inside() -> None:
    walker = in_doctor(action("a", "inn"), call("inn", "doctor", "z"), action("z", "bye"), gone={"in": "inn"})
    assert [run.step for run in walker.session.runs] == ["inn", "visit"]
    assert [type(effect) for effect in walker.effects] == [Show]


def test_who_is_in_a_flow_that_is_no_longer_called_stands_in_the_caller() -> None:
    walker = in_doctor(action("a", "z"), action("z", "bye"))
    assert walker.effects[0] == moved("visit", "a")
    assert [run.step for run in walker.session.runs] == ["a"]


def test_a_call_that_became_a_step_of_its_own_is_where_one_stands_then() -> None:
    walker = in_doctor(action("a", "in"), action("in", "bye"))
    assert walker.effects[0] == moved("visit", "in")
    assert (walker.at, walker.shown.visit) == ("in", 2)


def test_who_stood_in_a_called_flow_is_told_so_though_the_step_in_the_caller_has_the_same_id() -> None:
    outer = flow(action("a", "visit"), call("visit", "doctor", "bye"), end("bye"))
    walker = edited(outer, DOCTOR, to=flow(action("a", "visit"), action("visit", "bye"), end("bye"))).meets(Returned())
    assert walker.effects[0] == moved("visit", "visit")


def test_a_call_that_calls_another_flow_now_is_walked() -> None:
    walker = edited(CALLS, DOCTOR, to=flow(action("x", "out"), end("out"), id_="clinic"))
    today = flow(action("a", "in"), call("in", "clinic", "bye"), end("bye"))
    walker.library = {**walker.library, today.id: today}
    assert walker.meets(Returned()).effects[0] == moved("visit", "in")
    assert [run.flow for run in walker.session.runs] == ["guide", "clinic"]


def test_a_flow_that_was_withdrawn_while_somebody_is_in_it_is_an_error() -> None:
    walker = walk(CALLS, DOCTOR).picks("done")
    walker.library = {CALLS.id: CALLS}
    with pytest.raises(FlowError, match="doctor"):
        walker.meets(Returned())
