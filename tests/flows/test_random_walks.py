"""Whatever a guide looks like and whatever a person does, they stand at a wait or have come to an end."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.check import Code, check
from flows.effects import Ended, Show
from flows.engine import advance, begin
from flows.events import AnswersDropped, Event, Picked, Restarted, Returned, WentBack
from flows.model import ChoiceId, Flow, FlowId, Kind, Library, Profile, Step, StepId
from flows.session import Session
from tests.flows.build import NOON, Walker, action, branch, call, end, flow, handoff, is_, library, note, question

NAMES = ("red", "blue", "consent")
# Faults of a guide that keep nobody from a wait.
WALKABLE = {Code.UNREACHABLE, Code.DEAD_END, Code.NEVER_ASKED, Code.SENSITIVE_NOT_ASKED}
Targets = st.SearchStrategy[str]


def step(draw: st.DrawFn, kind: Kind, id_: str, onward: Targets, anywhere: Targets) -> Step:
    """Draw a step. onward: targets further down; anywhere: any target, also one that lies before."""
    on, off = draw(onward), draw(anywhere)
    match kind:
        case Kind.QUESTION:
            name, unsaid = draw(st.sampled_from(NAMES)), draw(st.sets(st.sampled_from(("c0", "c2"))))
            ways = {"c0": on, "c1": off, "c2": draw(anywhere)}
            return question(id_, ways, name=name, unsaid=unsaid, sensitive=draw(st.booleans()))
        case Kind.ACTION:
            return action(id_, on, c1=off)
        case Kind.NOTE:
            return note(id_, c0=on, c1=off)
        case Kind.HANDOFF:
            return handoff(id_, c0=on, c1=off) if draw(st.booleans()) else handoff(id_)
        case Kind.BRANCH:
            tested = is_(draw(st.sampled_from(NAMES)), draw(st.sampled_from(("c0", "c1", "yes"))))
            return branch(id_, (tested, on), otherwise=draw(onward))
        case Kind.CALL:
            return call(id_, "inner", on)
        case Kind.END:
            return end(id_)


@st.composite
def flows(draw: st.DrawFn, id_: str, kinds: list[Kind], *, loose: bool) -> Flow:
    """Draw a flow of up to seven steps. loose: every target may be anywhere, so that the flow may be a wrong one."""
    drawn = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=6))
    ids = [f"s{number}" for number in range(len(drawn) + 1)]
    every = st.sampled_from(ids)
    steps = [
        step(draw, kind, ids[number], every if loose else st.sampled_from(ids[number + 1 :]), every)
        for number, kind in enumerate(drawn)
    ]
    return flow(*steps, end(ids[-1]), id_=id_)


@st.composite
def libraries(draw: st.DrawFn, *, loose: bool = False) -> Library:
    kinds = list(Kind)
    outer, inner = (
        flows("guide", kinds, loose=loose),
        flows("inner", [k for k in kinds if k is not Kind.CALL], loose=loose),
    )
    return library(draw(outer), draw(inner))


MOVES = st.lists(st.sampled_from(("c0", "c1", "c2", "done", "back", "return", "restart", "drop", "old")), max_size=15)


def event(walker: Walker, move: str) -> Event:
    """Return what a move means where the walker stands; a choice that the step has not is stale."""
    match move:
        case "back":
            return WentBack()
        case "return":
            return Returned()
        case "restart":
            return Restarted()
        case "drop":
            return AnswersDropped()
        case "old":
            return Picked(1, 1, ChoiceId("c0"))
        case _:
            run = walker.session.run
            return Picked(run.id if run else 0, run.visit if run else 0, ChoiceId(move))


def stands_well(walker: Walker) -> None:
    """Assert that the person stands at a wait that was shown, or that all has ended."""
    run = walker.session.run
    shown = [effect for effect in walker.effects if isinstance(effect, Show)]
    for effect in shown:
        kind = walker.library[effect.flow].steps[effect.step].kind
        assert (1 <= effect.number <= effect.of) if kind is Kind.ACTION else effect.number == effect.of == 0
    if run is None:
        assert not shown or isinstance(walker.effects[-1], Ended)
        return
    steps = walker.library[run.flow].steps
    assert all(steps[here].waits for here in (*run.path, run.step))
    assert run.answers.keys() <= set(run.passed)
    if shown:
        last = shown[-1]
        assert (run.flow, run.step, run.id, run.visit) == (last.flow, last.step, last.run, last.visit)


def walks(walker: Walker, moves: list[str]) -> None:
    for move in moves:
        walker.meets(event(walker, move))
        if move != "drop":
            stands_well(walker)


@given(libraries(), MOVES)
def test_everybody_reaches_a_wait_or_an_end(guides: Library, moves: list[str]) -> None:
    walker = Walker(guides).begin()
    stands_well(walker)
    walks(walker, moves)


@given(libraries(), MOVES)
def test_who_only_goes_on_comes_to_an_end(guides: Library, moves: list[str]) -> None:
    walker = Walker(guides).begin()
    walks(walker, moves)
    for _ in range(100):
        if walker.session.run is None:
            return
        onward = walker.library[walker.run.flow].steps[StepId(walker.at)].choices[0].id
        walker.picks(onward)
    raise AssertionError(f"still at {walker.at} of {walker.run.flow}")


@given(libraries(loose=True), MOVES)
@settings(max_examples=200)
def test_a_guide_in_which_the_checker_finds_no_loop_never_fails(guides: Library, moves: list[str]) -> None:
    found = {problem.code for guide in guides.values() for problem in check(guide, guides)}
    if found <= WALKABLE:
        walks(Walker(guides).begin(), moves)


@given(libraries(), libraries(), MOVES, MOVES)
def test_an_edited_guide_strands_nobody(guides: Library, edited: Library, moves: list[str], then: list[str]) -> None:
    walker = Walker(guides).begin()
    walks(walker, moves)
    walker.library = edited
    walks(walker, ["return", *then])


@given(libraries(), MOVES)
def test_presses_delivered_again_in_any_order_change_nothing(guides: Library, moves: list[str]) -> None:
    walker, presses = Walker(guides).begin(), []
    for move in moves:
        presses.append(event(walker, move))
        walker.meets(presses[-1])
    before = walker.session
    for press in reversed(presses):
        if isinstance(press, Picked):
            assert walker.meets(press).session == before


@given(libraries(), MOVES)
def test_the_same_session_and_event_always_make_the_same_turn(guides: Library, moves: list[str]) -> None:
    first = begin(guides, FlowId("guide"), Profile(), Session(), NOON)
    assert begin(guides, FlowId("guide"), Profile(), Session(), NOON) == first
    walker = Walker(guides).begin()
    for move in moves:
        happened, before = event(walker, move), walker.session
        walker.meets(happened)
        turn = advance(guides, before, happened, Profile(), NOON)
        assert (turn.session, turn.effects) == (walker.session, walker.effects)
