from __future__ import annotations

from flows.events import AnswersDropped, WentBack
from flows.model import Flow
from flows.route import longest
from tests.flows.build import Walker, action, branch, call, end, flow, handoff, is_, note, question, walk


def place(walker: Walker) -> tuple[int, int]:
    return walker.shown.number, walker.shown.of


BY_STATUS = flow(
    question("status", {"refugee": "first", "other": "person"}),
    action("first", "sort"),
    branch("sort", (is_("status", "refugee"), "short"), otherwise="long"),
    action("short", "bye"),
    action("long", "longer"),
    action("longer", "bye"),
    end("bye"),
    handoff("person"),
)


def test_questions_are_not_counted() -> None:
    assert place(walk(BY_STATUS)) == (0, 0)


def test_a_branch_that_the_answers_decide_counts_its_own_way_only() -> None:
    walker = walk(BY_STATUS).picks("refugee")
    assert place(walker) == (1, 2)
    assert place(walker.picks("done")) == (2, 2)


def test_the_longest_way_counts_where_a_question_still_lies_ahead() -> None:
    guide = flow(
        action("first", "status"),
        question("status", {"refugee": "sort", "other": "sort"}),
        branch("sort", (is_("status", "refugee"), "short"), otherwise="long"),
        action("short", "bye"),
        action("long", "longer"),
        action("longer", "bye"),
        end("bye"),
    )
    walker = walk(guide)
    assert place(walker) == (1, 3)
    assert place(walker.picks("done", "refugee")) == (2, 2)


def test_a_question_that_was_not_on_the_way_leaves_no_way_open() -> None:
    guide = flow(
        question("gate", {"skip": "first", "tell": "status"}),
        question("status", {"refugee": "first"}),
        action("first", "sort"),
        branch("sort", (is_("status", "refugee"), "second"), otherwise="bye"),
        action("second", "bye"),
        end("bye"),
    )
    assert place(walk(guide).picks("skip")) == (1, 1)
    assert place(walk(guide).picks("tell", "refugee")) == (1, 2)


def test_a_dropped_answer_opens_its_branch_again() -> None:
    guide = flow(
        question("status", {"refugee": "first"}, sensitive=True),
        action("first", "second"),
        action("second", "sort"),
        branch("sort", (is_("status", "refugee"), "bye"), (is_("status", "other"), "third"), otherwise="bye"),
        action("third", "bye"),
        end("bye"),
    )
    walker = walk(guide).picks("refugee")
    assert place(walker) == (1, 2)
    assert place(walker.meets(AnswersDropped()).picks("done")) == (2, 3)


def test_an_exit_to_a_person_makes_no_way_longer() -> None:
    guide = flow(
        action("first", "second", stuck="person"),
        action("second", "bye", stuck="person"),
        end("bye"),
        handoff("person"),
    )
    assert place(walk(guide)) == (1, 2)


def test_the_number_does_not_grow_by_going_back_and_forth() -> None:
    walker = walk(BY_STATUS).picks("refugee", "done").meets(WentBack())
    assert place(walker) == (1, 2)
    assert place(walker.picks("done")) == (2, 2)


def with_a_second_try() -> Flow:
    return flow(
        action("first", "second"),
        action("second", "check"),
        note("check", again="first", went="third"),
        action("third", "bye"),
        end("bye"),
    )


def test_a_loop_back_counts_no_action_twice() -> None:
    walker = walk(with_a_second_try())
    places = [place(walker)]
    places += [place(walker.picks(choice)) for choice in ("done", "done", "again", "done", "done", "went")]
    assert places == [(1, 3), (2, 3), (0, 0), (1, 3), (2, 3), (0, 0), (3, 3)]


def test_every_action_of_a_menu_that_one_comes_back_to_counts_once() -> None:
    guide = flow(note("menu", one="a", two="b", stop="bye"), action("a", "menu"), action("b", "menu"), end("bye"))
    walker = walk(guide).picks("one")
    assert place(walker) == (1, 2)
    assert place(walker.picks("done", "two")) == (2, 2)


def test_a_called_flow_counts_its_own_actions() -> None:
    outer = flow(action("first", "in"), call("in", "inner", "second"), action("second", "bye"), end("bye"))
    inner = flow(action("a", "b"), action("b", "out"), end("out"), id_="inner")
    walker = walk(outer, inner)
    assert place(walker) == (1, 2)
    assert place(walker.picks("done", "done")) == (2, 2)
    assert (walker.shown.flow, walker.picks("done").shown.flow) == ("inner", "guide")
    assert place(walker) == (2, 2)


def test_what_a_called_flow_may_still_ask_keeps_a_branch_open() -> None:
    outer = flow(
        question("gate", {"skip": "first", "tell": "status"}),
        question("status", {"refugee": "first"}),
        action("first", "in"),
        call("in", "inner", "sort"),
        branch("sort", (is_("status", "refugee"), "second"), otherwise="bye"),
        action("second", "bye"),
        end("bye"),
    )
    inner = flow(question("status", {"refugee": "out"}), end("out"), id_="inner")
    assert place(walk(outer, inner).picks("skip")) == (1, 2)


def test_a_guide_longer_than_pythons_recursion_limit_is_counted() -> None:
    long = [action(f"a{n}", f"a{n + 1}") for n in range(1500)]
    assert place(walk(flow(*long, end("a1500")))) == (1, 1500)


def test_the_longest_route_of_a_guide_leaves_every_branch_open_those_on_the_profile_too() -> None:
    guide = flow(
        question("status", {"refugee": "first"}),
        action("first", "sort"),
        branch("sort", (is_("municipality", "nis"), "long"), (is_("status", "refugee"), "bye"), otherwise="bye"),
        action("long", "longer"),
        action("longer", "bye"),
        end("bye"),
    )
    assert longest(guide) == 3
    assert longest(BY_STATUS) == 3
    assert place(walk(guide).picks("refugee")) == (1, 1)
