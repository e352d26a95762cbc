"""Answers to many: nothing of an anonymous one leads to a person; the shortlist leads to no answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notices.surveys import Question, Words
from storage import privacy, shortlist, surveys
from storage.audiences import everybody
from storage.dossier import Answered
from storage.event_tables import Shortlisted, SurveyAnswer
from storage.export import dossier
from storage.forgetting import forget
from storage.retention import Periods, expire
from storage.surveys import Results, SurveyRow
from storage.unit_of_work import Unit
from tests.storage.build import Store

WORDS = Words("Our class", "", (Question("When?", ("Morning", "Evening")), Question("What else?")))


def made(store: Store, *, anonymous: bool) -> SurveyRow:
    """A survey that people can answer."""

    def make(unit: Unit) -> SurveyRow:
        texts = {"en": (WORDS.title, WORDS.intro, WORDS.dump())}
        id = surveys.create(unit, SurveyRow(0, "", anonymous, False, True, texts), 1)
        surveys.hold(unit, id)
        surveys.set_state(unit, id, "open")
        return surveys.read(unit, id)

    return store.database.write_now(make)


def results(store: Store, survey: SurveyRow) -> Results:
    return store.database.read_now(lambda unit: surveys.results(unit, survey))


@pytest.mark.parametrize("anonymous", [True, False])
def test_answers_are_counted_and_words_are_read_also_after_a_restart(store: Store, anonymous: bool) -> None:
    survey = made(store, anonymous=anonymous)
    assert survey.texts["en"] == ("Our class", "", WORDS.dump())
    said: dict[str, list[int | str | None]] = {"a": [0, "More tea"], "b": [0, None], "c": [1, "Chairs"]}
    for name, answers in said.items():
        person = store.newcomer(name)
        store.database.write_now(lambda unit: surveys.finish(unit, survey, person.contact_id, answers))  # noqa: B023
    store.restart()
    found = results(store, survey)
    assert (found.people, found.counts) == (3, {(0, 0): 2, (0, 1): 1})
    assert sorted(found.words[1]) == ["Chairs", "More tea"]
    assert not any(b"tea" in sealed for sealed in store.column(SurveyAnswer.sealed) if sealed)


def test_nothing_of_an_anonymous_answer_leads_to_a_person_or_a_time(store: Store) -> None:
    survey, person = made(store, anonymous=True), store.newcomer()
    store.database.write_now(lambda unit: surveys.finish(unit, survey, person.contact_id, [0, "My words"]))
    assert store.column(SurveyAnswer.contact_id) == [None, None]
    assert store.column(SurveyAnswer.day) == [store.clock().date()] * 2
    assert not store.database.read_now(lambda unit: surveys.has_answered(unit, survey.id, person.contact_id))
    forget(store.database, person.conversation_id)
    assert results(store, survey).words == {1: ["My words"]}


def test_linked_answers_go_with_their_person(store: Store) -> None:
    survey, person = made(store, anonymous=False), store.newcomer()
    store.database.write_now(lambda unit: surveys.finish(unit, survey, person.contact_id, [1, "My words"]))
    own = store.database.read_now(lambda unit: surveys.of_contact(unit, person.contact_id))
    assert own == [Answered(survey.id, 0, 1), Answered(survey.id, 1, "My words")]
    store.database.write_now(lambda unit: shortlist.agree(unit, survey.id, person.contact_id))
    taken_along = store.database.read_now(lambda unit: dossier(unit, person))
    assert taken_along.answers == [Answered(survey.id, 0, 1), Answered(survey.id, 1, "My words")]
    assert taken_along.may_be_invited == [survey.id]
    store.database.write_now(lambda unit: privacy.erase(unit, person.conversation_id))
    assert results(store, survey).people == 0


def test_the_shortlist_has_the_person_and_no_answer_and_names_an_audience(store: Store) -> None:
    survey, person = made(store, anonymous=True), store.newcomer()
    other = store.newcomer("other")
    for one in (person, person, other):
        store.database.write_now(lambda unit: shortlist.agree(unit, survey.id, one.contact_id))  # noqa: B023
    columns = {column.name for column in Shortlisted.__table__.columns}
    assert columns == {"id", "survey_id", "contact_id", "chosen", "day"}
    listed = store.database.read_now(lambda unit: shortlist.candidates(unit, survey.id))
    assert len(listed) == 2
    store.database.write_now(lambda unit: shortlist.choose(unit, survey.id, listed[0].number, chosen=True))
    people = store.database.read_now(lambda unit: list(everybody(unit)))
    assert sorted(tuple(one.groups) for one in people) == [(), (survey.id,)]
    store.database.write_now(lambda unit: surveys.drop(unit, person.contact_id))
    assert store.count(Shortlisted) == 1


def test_answers_are_kept_for_a_year(store: Store) -> None:
    survey, person = made(store, anonymous=True), store.newcomer()
    store.database.write_now(lambda unit: surveys.finish(unit, survey, person.contact_id, [0, None]))
    for days, left in ((364, 2), (2, 0)):
        store.clock.forward(days=days)
        expire(store.database, store.clock(), Periods(progress=timedelta(days=2000)))
        assert store.count(SurveyAnswer) == left
