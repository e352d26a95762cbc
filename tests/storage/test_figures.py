from __future__ import annotations

from functools import partial

from storage.content_tables import Feedback
from storage.feedback import count_feedback, tally
from storage.figures import Figures, figures
from storage.outcomes import AnswerLost, Dead
from storage.requests import NewRequest, open_request
from storage.rows import OutClass
from tests.storage.build import Store, arrival, reply


def test_an_empty_database_has_empty_figures(store: Store) -> None:
    assert store.database.read_now(figures) == Figures(0, 0.0, 0, {}, 0, 0)


def test_figures_count_what_is_still_to_be_done_or_decided(store: Store) -> None:
    person, other = store.newcomer("chat-1"), store.newcomer("chat-2")
    store.accept(arrival("u1"), arrival("u2"))
    store.say(person, reply("dead"), reply("ready"))
    store.say(other, reply("uncertain", cls=OutClass.NOTICE))
    first, second = store.claim()
    store.settle(first, Dead("refused"))
    store.settle(second, AnswerLost())
    store.database.write_now(lambda unit: open_request(unit, person, NewRequest("stuck", b"{}")))
    store.clock.forward(seconds=90)
    assert store.database.read_now(figures) == Figures(
        waiting=2,
        backlog_age=90.0,
        poison=0,
        outbox={"ready": 1, "dead": 1, "uncertain": 1},
        uncertain_attempts=1,
        open_requests=1,
    )


def test_feedback_is_counted_and_says_nothing_of_who_pressed(store: Store) -> None:
    for value in ("yes", "yes", "no"):
        store.database.write_now(partial(count_feedback, guide="licence", locale="fa_AF", value=value))
    assert store.database.read_now(tally) == {("licence", "fa_AF", "yes"): 2, ("licence", "fa_AF", "no"): 1}
    assert {column.name for column in Feedback.__table__.columns} == {"id", "guide", "locale", "value", "day"}
