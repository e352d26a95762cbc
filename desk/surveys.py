"""What coordinators do with surveys: write, translate, open, close, look at counts, choose from the shortlist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from desk import notices as writing
from desk.notice_desk import NoticeDesk, places_of
from notices import surveys as rules
from notices.audience import Audience
from notices.buttons import Does, NoticeButton, dump
from notices.lifecycle import Category
from notices.surveys import Move, Refused, State, Words, load, shown
from storage import audit, members, shortlist, surveys
from storage.media import MediaRow, MediaState
from storage.members import Member
from storage.shortlist import Candidate
from storage.surveys import SurveyRow
from storage.timers import set_timer
from storage.unit_of_work import Unit

LISTED = 100
SURVEY_CLOCK = "survey"  # kind of the timer by which a member of staff is asked; its key ends with the survey's id


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what may be shown of its answers. counts: by choice, None = too few; words, voices: in no
    order; a voice None: its file is deleted already."""

    question: rules.Question
    counts: Sequence[int | None]
    words: Sequence[str]
    voices: Sequence[MediaRow | None] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of one language and place may be invited, and how many were chosen."""

    locale: str
    place: str
    agreed: int
    chosen: int


def plan(unit: Unit, me: Member, survey: SurveyRow, locale: str, words: Words) -> int:
    """A draft in one language; its id. Raises Refused."""
    rules.checked(words, [])
    texts = {locale: (words.title, words.intro, words.dump())}
    made = SurveyRow(0, State.DRAFT, survey.anonymous, survey.for_staff, survey.invites, texts)
    id = surveys.create(unit, made, me.id)
    audit.log_act(unit, me.id, "planned", f"survey:{id}")
    return id


def translate(unit: Unit, id: int, locale: str, words: Words) -> None:
    """The same questions in another language; of an open survey no text is changed. Raises NoSurvey, Refused."""
    held = surveys.hold(unit, id)
    if held.state != State.DRAFT and locale in held.texts:
        raise Refused("refused")
    others = [load(*texts) for code, texts in held.texts.items() if code != locale]
    rules.checked(words, others)
    surveys.write_text(unit, id, locale, (words.title, words.intro, words.dump()))


def move(unit: Unit, me: Member, id: int, act: Move) -> None:
    """Open it or close it. Raises NoSurvey, Refused."""
    held = surveys.hold(unit, id)
    surveys.set_state(unit, id, rules.after(State(held.state), act))
    audit.log_act(unit, me.id, act, f"survey:{id}")


def tell(desk: NoticeDesk, id: int, *, to_chosen: bool) -> int:
    """A notice with the survey's button, or an invitation to who was chosen; its number.

    Raises NoSurvey, OutOfReach.
    """
    survey = surveys.read(desk.unit, id)
    number = writing.begin(desk, Category.NEWS)
    if to_chosen:
        writing.aim(desk, number, Audience(group=id))
        return number
    writing.name_links(desk, number, dump([NoticeButton(Does.SURVEY, str(id))]))
    for locale, (title, intro, _) in survey.texts.items():
        writing.write_text(desk, number, locale, title, intro or title)
    return number


def ask_team(unit: Unit, me: Member, id: int) -> int:
    """Every member who has linked a chat of their own is asked there; how many. Raises NoSurvey, Refused."""
    survey = surveys.hold(unit, id)
    if survey.state != State.OPEN or not survey.for_staff:
        raise Refused("refused")
    chats = [one.conversation_id for one in members.members(unit) if one.conversation_id is not None]
    for chat in chats:
        set_timer(unit, f"{SURVEY_CLOCK}:{chat}:{id}", unit.now, chat, SURVEY_CLOCK)
    audit.log_act(unit, me.id, "asked", f"survey:{id}", str(len(chats)))
    return len(chats)


def results(unit: Unit, survey: SurveyRow, locale: str, least: int) -> tuple[int, list[Asked]]:
    """How many finished it, and each question with what may be shown. locale: one that has a text.

    Of fewer people than `least` not even a nought: that nobody said no would tell that all said yes.
    """
    found, words = surveys.results(unit, survey), load(*survey.texts[locale])
    asked = []
    for place, question in enumerate(words.questions):
        counts = [found.counts.get((place, choice), 0) for choice in range(len(question.choices))]
        enough = found.people >= least
        said = found.words.get(place, ()) if enough else ()
        voices = found.voices.get(place, ()) if enough else ()
        told = shown(counts, least) if enough or not found.people else [None] * len(counts)
        asked.append(Asked(question, told, sorted(said), voices))
    return found.people, asked


def may_listen(me: Member) -> bool:
    """Whether they may play voice notes: a voice tells who speaks, and an answer may come from any place."""
    return places_of(me) is None


def listen(unit: Unit, me: Member, id: int, voice: int) -> MediaRow | None:
    """A voice note to be played; None where there is none, or they may not. Raises NoSurvey."""
    survey = surveys.read(unit, id)
    _, asked = results(unit, survey, next(iter(survey.texts)), rules.INSIDE)
    spoken = [one for question in asked for one in question.voices if one is not None]
    found = next((one for one in spoken if one.id == voice and one.state is MediaState.KEPT), None)
    return found if may_listen(me) else None


def exported(unit: Unit, me: Member, survey: SurveyRow, locale: str) -> tuple[int, list[Asked]]:
    """The same to be taken away: counts alone."""
    people, asked = results(unit, survey, locale, rules.OUTSIDE)
    audit.log_act(unit, me.id, "exported", f"survey:{survey.id}", "csv")
    return people, [Asked(one.question, one.counts, ()) for one in asked]


def quotas(unit: Unit, me: Member, id: int) -> list[Quota]:
    """Who may be invited, by language and place."""
    listed = _candidates(unit, me, id)
    agreed = Counter((one.locale, one.place) for one in listed)
    chosen = Counter((one.locale, one.place) for one in listed if one.chosen)
    return [Quota(*what, count, chosen[what]) for what, count in sorted(agreed.items())]


def choose(unit: Unit, me: Member, id: int, locale: str, place: str, *, chosen: bool) -> None:
    """One more of this language and place is invited, or one less: whichever, because nobody knows who they are."""
    of_them = [one for one in _candidates(unit, me, id) if (one.locale, one.place) == (locale, place)]
    found = next((one for one in of_them if one.chosen != chosen), None)
    if found is not None:
        shortlist.choose(unit, id, found.number, chosen=chosen)


def _candidates(unit: Unit, me: Member, id: int) -> list[Candidate]:
    places = places_of(me)
    return [one for one in shortlist.candidates(unit, id) if places is None or one.place in places]
