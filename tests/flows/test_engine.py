from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.effects import Ended, LeftAtStart, OpenRequest, Show, Stale
from flows.engine import FlowError, advance, begin
from flows.events import AnswersDropped, Event, Picked, Restarted, Returned, WentBack
from flows.model import ChoiceId, FlowId, Profile, StepId
from flows.session import Session
from tests.flows.build import NOON, Walker, action, branch, end, flow, handoff, is_, library, note, question, walk

LICENCE = flow(
    question("fear", {"yes": "lawyer", "no": "look"}),
    action("look", "pay", stuck="lawyer"),
    action("pay", "bye"),
    end("bye"),
    handoff("lawyer"),
)


def shows(walker: Walker) -> list[str]:
    return [effect.step for effect in walker.effects if isinstance(effect, Show)]


def test_a_new_run_waits_at_the_first_step_that_has_choices() -> None:
    walker = walk(flow(branch("sort", otherwise="hello"), note("hello", next="bye"), end("bye")))
    assert walker.effects == (Show(FlowId("guide"), StepId("hello"), run=1, visit=1),)


def test_beginning_replaces_whatever_stood_before_under_a_run_id_never_used() -> None:
    walker = walk(LICENCE).picks("no").begin()
    assert [run.id for run in walker.session.runs] == [2]
    assert (walker.at, walker.run.path, walker.run.answers) == ("fear", (), {})


def test_an_answer_is_kept_under_the_name_of_its_question() -> None:
    assert walk(LICENCE).picks("no").run.answers == {"fear": "no"}


def test_only_the_choice_done_finishes_an_action() -> None:
    guide = flow(note("read", done="look"), action("look", "pay", later="pay"), action("pay", "bye"), end("bye"))
    assert walk(guide).picks("done", "later").run.done == ()
    assert walk(guide).picks("done", "done").run.done == ("look",)


def test_an_action_finished_twice_is_kept_once() -> None:
    assert walk(LICENCE).picks("no", "done").meets(WentBack()).picks("done").run.done == ("look",)


def test_the_end_is_shown_before_the_flow_is_over() -> None:
    walker = walk(LICENCE).picks("no", "done", "done")
    assert walker.effects == (
        Show(FlowId("guide"), StepId("bye"), run=1, visit=3),
        Ended(FlowId("guide"), StepId("bye")),
    )
    assert walker.session.runs == ()


def test_a_handoff_without_choices_asks_staff_shows_itself_and_ends_the_flow() -> None:
    walker = walk(LICENCE).picks("yes")
    assert [type(effect) for effect in walker.effects] == [OpenRequest, Show, Ended]
    assert walker.session.runs == ()


def test_a_handoff_with_choices_waits() -> None:
    walker = walk(flow(handoff("lawyer", read="bye"), end("bye")))
    assert [type(effect) for effect in walker.effects] == [OpenRequest, Show]
    assert walker.at == "lawyer"


def test_the_same_press_delivered_twice_changes_the_state_once() -> None:
    walker = walk(LICENCE).picks("no")
    press = Picked(walker.run.id, walker.run.visit, ChoiceId("done"))
    once = walker.meets(press).session
    twice = walker.meets(press)
    assert twice.session == once
    assert twice.effects[0] == Stale(FlowId("guide"), StepId("pay"))
    assert twice.shown.again


@pytest.mark.parametrize(
    "press",
    [
        Picked(run=1, visit=1, choice=ChoiceId("no")),
        Picked(run=7, visit=2, choice=ChoiceId("done")),
        Picked(run=1, visit=2, choice=ChoiceId("forged")),
    ],
    ids=["an earlier wait", "another run", "a choice the step has not"],
)
def test_a_press_that_does_not_belong_to_this_wait_changes_nothing(press: Picked) -> None:
    walker = walk(LICENCE).picks("no")
    before = walker.session
    walker.meets(press)
    assert walker.session == before
    assert walker.effects == (
        Stale(FlowId("guide"), StepId("look")),
        Show(FlowId("guide"), StepId("look"), run=1, visit=2, number=1, of=2, again=True),
    )


def test_a_press_after_the_end_is_stale_and_shows_nothing() -> None:
    walker = walk(LICENCE).picks("yes")
    assert walker.meets(Picked(1, 1, ChoiceId("no"))).effects == (Stale(),)


@pytest.mark.parametrize(
    "event", [WentBack(), Returned(), Restarted(), AnswersDropped()], ids=lambda e: type(e).__name__
)
def test_nothing_but_a_press_has_an_effect_where_no_run_waits(event: Event) -> None:
    assert Walker(library(LICENCE)).meets(event).effects == ()


def test_back_shows_the_wait_before_as_a_new_one() -> None:
    walker = walk(LICENCE).picks("no", "done").meets(WentBack())
    assert walker.shown == Show(FlowId("guide"), StepId("look"), run=1, visit=4, number=1, of=2)
    assert walker.run.path == ("fear",)


def test_going_back_keeps_answers_until_they_are_given_anew() -> None:
    walker = walk(LICENCE).picks("no").meets(WentBack())
    assert walker.run.answers == {"fear": "no"}
    guide = flow(question("town", {"nis": "ask", "sid": "ask"}), note("ask", next="bye"), end("bye"))
    assert walk(guide).picks("nis").meets(WentBack()).picks("sid").run.answers == {"town": "sid"}


def test_back_then_forward_stands_where_it_stood() -> None:
    walker = walk(LICENCE).picks("no", "done")
    before = walker.run
    after = walker.meets(WentBack()).picks("done").run
    assert after == replace(before, visit=after.visit)


def test_back_at_the_first_wait_leaves_the_run_as_it_is_so_that_it_can_go_on() -> None:
    walker = walk(LICENCE)
    before = walker.session
    assert walker.meets(WentBack()).effects == (LeftAtStart(FlowId("guide")),)
    assert walker.session == before
    assert walker.picks("no").at == "look"


def test_back_to_a_handoff_opens_no_second_request() -> None:
    walker = walk(flow(handoff("lawyer", read="look"), action("look", "bye"), end("bye"))).picks("read")
    assert walker.meets(WentBack()).effects == (Show(FlowId("guide"), StepId("lawyer"), run=1, visit=3),)


def test_back_steps_over_branches_to_the_last_wait() -> None:
    guide = flow(
        question("town", {"nis": "sort"}),
        branch("sort", (is_("town", "nis"), "look"), otherwise="bye"),
        action("look", "bye"),
        end("bye"),
    )
    assert walk(guide).picks("nis").meets(WentBack()).at == "town"


def test_returning_shows_the_same_wait_so_that_its_old_buttons_go_on_working() -> None:
    walker = walk(LICENCE).picks("no")
    before = walker.session
    assert walker.meets(Returned()).effects == (
        Show(FlowId("guide"), StepId("look"), run=1, visit=2, number=1, of=2, again=True),
    )
    assert walker.session == before


def test_restarting_forgets_what_was_finished_and_answered() -> None:
    walker = walk(LICENCE).picks("no", "done").meets(Restarted())
    assert (walker.at, walker.run.id, walker.run.done, walker.run.answers) == ("fear", 2, (), {})


def test_every_turn_of_the_person_is_a_sign_of_life_and_a_timer_is_none() -> None:
    walker = walk(LICENCE)
    walker.now = NOON + timedelta(hours=1)
    assert walker.meets(AnswersDropped()).session.seen_at == NOON
    assert walker.meets(Returned()).session.seen_at == walker.now


def test_a_flow_that_does_not_exist_cannot_be_begun() -> None:
    with pytest.raises(FlowError, match="nowhere"):
        begin({}, FlowId("nowhere"), Profile(), Session(), NOON)


def test_a_session_in_a_flow_that_was_withdrawn_says_so() -> None:
    with pytest.raises(FlowError, match="guide"):
        advance({}, walk(LICENCE).session, Returned(), Profile(), NOON)


def test_a_turn_may_take_a_hundred_steps_and_not_one_more() -> None:
    def silent(count: int) -> list[str]:
        branches = [branch(f"b{n}", otherwise=f"b{n + 1}") for n in range(count)]
        return shows(walk(flow(*branches, end(f"b{count}"))))

    assert silent(99) == ["b99"]
    with pytest.raises(FlowError, match="100 steps"):
        silent(100)


def test_a_loop_on_which_nothing_waits_is_stopped() -> None:
    with pytest.raises(FlowError, match="100 steps"):
        walk(flow(branch("one", otherwise="two"), branch("two", otherwise="one")))


def test_back_reaches_two_hundred_waits_however_long_somebody_goes_round() -> None:
    walker = walk(flow(note("one", next="two"), note("two", next="one", stop="bye"), end("bye")))
    assert len(walker.picks(*["next"] * 250).run.path) == 200


def test_the_given_session_is_left_as_it_was() -> None:
    walker = walk(LICENCE)
    before, copy = walker.session, replace(walker.session)
    advance(walker.library, before, Picked(1, 1, ChoiceId("no")), Profile(), NOON)
    assert before == copy
    assert before.runs[0].answers == {}
