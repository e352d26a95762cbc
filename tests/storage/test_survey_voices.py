"""Voice notes that answer a survey: counted, theirs to take along, and gone by every way there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from storage import bell, contacts, media, privacy, survey_voices, surveys
from storage.dossier import Answered
from storage.export import dossier
from storage.media import MediaState, NewMedia
from storage.retention import Periods, expire
from storage.rows import ConsentChoice, Standing
from storage.surveys import SurveyRow
from storage.tables import Media
from tests.storage.build import Store
from tests.storage.test_surveys import made, results


@pytest.fixture
def survey(store: Store) -> SurveyRow:
    """One whose answers lead to people."""
    return made(store, anonymous=False)


def spoke(store: Store, person: Standing) -> int:
    """They sent a voice note to a question, and it was fetched."""
    new = NewMedia("voice", "file-1", seconds=24)
    id = store.database.write_now(lambda unit: survey_voices.keep(unit, person, new))
    assert id is not None
    store.database.write_now(
        lambda unit: media.settle_media(unit, id, MediaState.KEPT, type="audio/ogg", size=3)
    )  # which no request hears of
    return id


def answers(store: Store, survey: SurveyRow, person: Standing) -> int:
    """They chose something, and spoke; the id of the note."""
    id = spoke(store, person)
    store.database.write_now(lambda unit: surveys.finish(unit, survey, person.contact_id, [0, None], {1: id}))
    return id


def test_a_voice_note_is_an_answer_and_the_persons_own(store: Store, survey: SurveyRow) -> None:
    person = store.newcomer()
    id = answers(store, survey, person)
    found = results(store, survey)
    assert (found.people, found.counts, found.words) == (1, {(0, 0): 1}, {})
    ((question, (voice,)),) = found.voices.items()
    assert voice is not None
    assert (question, voice.id, voice.state, voice.seconds) == (1, id, MediaState.KEPT, 24)
    taken_along = store.database.read_now(lambda unit: dossier(unit, person))
    assert taken_along.answers == [Answered(survey.id, 0, 0), Answered(survey.id, 1, None, spoken=True)]
    assert [(one.kind, one.request) for one in taken_along.media] == [("voice", None)]


def test_an_anonymous_survey_takes_no_voice(store: Store) -> None:
    person, anonymous = store.newcomer(), made(store, anonymous=True)
    id = spoke(store, person)
    with pytest.raises(AssertionError):
        store.database.write_now(lambda unit: surveys.finish(unit, anonymous, person.contact_id, [0, None], {1: id}))


def test_the_file_goes_after_its_period_and_the_answer_still_counts(store: Store, survey: SurveyRow) -> None:
    person = store.newcomer()
    full = partial(contacts.give_consent, standing=person, version="1", choice=ConsentChoice.FULL)
    store.database.write_now(full)
    answers(store, survey, person)
    store.clock.now += Periods().media + timedelta(seconds=1)
    expire(store.database, store.clock.now, Periods())
    assert store.count(Media) == 0
    found = results(store, survey)
    assert (found.people, found.voices) == (1, {1: [None]})


_WAYS: dict[str, Callable[[Store, Standing, int], object]] = {
    "thrown away": lambda store, person, id: store.database.write_now(
        lambda unit: survey_voices.drop(unit, person.contact_id, [id])
    ),
    "answers removed": lambda store, person, id: store.database.write_now(
        lambda unit: surveys.drop(unit, person.contact_id)
    ),
    "forgotten": lambda store, person, id: store.database.write_now(
        lambda unit: privacy.erase(unit, person.conversation_id)
    ),
}


@pytest.mark.parametrize("way", _WAYS)
def test_what_was_spoken_goes_with_the_person_their_answers_or_their_word(
    store: Store, survey: SurveyRow, way: str
) -> None:
    person = store.newcomer()
    id = answers(store, survey, person)
    _WAYS[way](store, person, id)
    assert store.count(Media) == 0
    assert store.database.read_now(lambda unit: survey_voices.known(unit, person.contact_id, [id])) == set()


def test_nobody_throws_away_or_uses_what_somebody_else_said(store: Store) -> None:
    one, other = store.newcomer("one"), store.newcomer("other")
    id = spoke(store, one)
    store.database.write_now(lambda unit: survey_voices.drop(unit, other.contact_id, [id]))
    assert store.database.read_now(lambda unit: survey_voices.known(unit, one.contact_id, [id])) == {id}
    assert store.database.read_now(lambda unit: survey_voices.known(unit, other.contact_id, [id])) == set()


async def test_files_that_were_thrown_away_are_swept_at_once(store: Store) -> None:
    person = store.newcomer()
    id = spoke(store, person)
    store.database.write_now(lambda unit: survey_voices.drop(unit, person.contact_id, [id]))
    assert await store.bell.wait(bell.FORGET, 0)
