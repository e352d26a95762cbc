"""Who is offered a request: the language first, nobody who was not wanted, and the truth where nobody is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desk.routing import Assistant, Reason, Unmet, Wish, rank

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DARI = Wish("fa_AF")


def assistant(id: int, *languages: str, **more: object) -> Assistant:
    return replace(Assistant(id, frozenset(languages), on_duty=True), **more)  # type: ignore[arg-type]


def best(wish: Wish, *assistants: Assistant, urgent: bool = False) -> tuple[int, ...]:
    return rank(wish, assistants, NOW, urgent=urgent).best


def test_who_speaks_the_language_stands_before_who_speaks_a_near_one_and_all_others() -> None:
    assert best(DARI, assistant(1, "fr"), assistant(2, "fa"), assistant(3, "fa_AF", load=5)) == (3, 2, 1)


def test_the_wish_for_a_woman_orders_but_shuts_nobody_out() -> None:
    wish = Wish("ar", gender="woman")
    assert best(wish, assistant(1, "ar", gender="man"), assistant(2, "ar", gender="woman", load=7)) == (2, 1)
    assert rank(wish, [assistant(1, "ar", gender="man")], NOW).unmet == {Unmet.GENDER}


def test_somebody_from_there_is_never_offered_it_not_even_when_it_is_urgent() -> None:
    wish = Wish("ar", not_origins=frozenset({"SY"}))
    for urgent in (False, True):
        ranking = rank(wish, [assistant(1, "ar", origin="SY"), assistant(2, "fr")], NOW, urgent=urgent)
        assert ranking.best == (2,)
        assert ranking.kept_out == ((1, Reason.UNWANTED),)


def test_who_knows_the_person_stands_before_who_has_less_to_do() -> None:
    wish = Wish("ar", previous=1)
    assert best(wish, assistant(1, "ar", load=4), assistant(2, "ar")) == (1, 2)
    assert best(Wish("ar"), assistant(1, "ar", load=4), assistant(2, "ar")) == (2, 1)


def test_off_duty_paused_and_full_are_left_in_peace_but_for_the_urgent() -> None:
    staff = [
        assistant(1, "ar", on_duty=False),
        assistant(2, "ar", paused_until=NOW + timedelta(minutes=15)),
        assistant(3, "ar", load=8),
    ]
    ranking = rank(Wish("ar"), staff, NOW)
    assert ranking.best == ()
    assert dict(ranking.kept_out) == {1: Reason.OFF_DUTY, 2: Reason.PAUSED, 3: Reason.FULL}
    assert ranking.unmet == {Unmet.NOBODY}
    assert best(Wish("ar"), *staff, urgent=True) == (2, 3)


def test_a_pause_ends_by_itself() -> None:
    assert best(Wish("ar"), assistant(1, "ar", paused_until=NOW)) == (1,)


def test_protected_requests_are_for_the_protection_group() -> None:
    wish = Wish("ar", protected=True)
    assert best(wish, assistant(1, "ar"), assistant(2, "fr", protection=True)) == (2,)


def test_a_language_that_nobody_speaks_is_said() -> None:
    assert rank(Wish("rn"), [assistant(1, "ar")], NOW).unmet == {Unmet.LANGUAGE}
    assert rank(Wish("rn"), [assistant(1, "fr")], NOW).unmet == {Unmet.LANGUAGE}, "the person must agree to French"
    assert rank(Wish("fa_AF"), [assistant(1, "fa")], NOW).unmet == frozenset()


people = st.lists(
    st.builds(
        Assistant,
        id=st.integers(1, 20),
        languages=st.frozensets(st.sampled_from(["ar", "fa_AF", "fr", "en"])),
        origin=st.sampled_from(["", "SY", "AF"]),
        load=st.integers(0, 10),
        on_duty=st.booleans(),
        protection=st.booleans(),
    ),
    unique_by=lambda one: one.id,
)


@given(people, st.sampled_from(["", "SY"]), st.booleans(), st.booleans())
def test_everybody_is_either_offered_it_or_kept_out_with_a_reason(
    staff: list[Assistant], not_origin: str, protected: bool, urgent: bool
) -> None:
    ranking = rank(Wish("ar", not_origins=frozenset({not_origin}), protected=protected), staff, NOW, urgent=urgent)
    out = [id for id, _ in ranking.kept_out]
    assert sorted([*ranking.best, *out]) == sorted(one.id for one in staff)
    offered = [one for one in staff if one.id in ranking.best]
    assert all(one.on_duty for one in offered)
    assert not [one for one in offered if not_origin and one.origin == not_origin]
    assert not [one for one in offered if protected and not one.protection]
