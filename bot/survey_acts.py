"""A survey in a talk: one question a message, each may be skipped, all of it may be stopped or gone on with later.

The answers lie in the session until the last one. What is stopped is thrown away. A question without choices takes a
voice note too, but not in an anonymous survey: a voice tells who speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import survey_left
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.arrivals import Media
from bot.channels.outgoing import Style
from bot.exchange import Exchange
from bot.files_in import unfit
from bot.news import short
from bot.state import Place
from i18n.locales import LOCALES
from notices.drafts import stand_in
from notices.surveys import Answer, Question, Run, Words, is_answer, load
from storage.surveys import SurveyRow

ICON, SKIP, YES = "papers", "s", "yes"
LONGEST_LABEL = 20  # UTF-16 units that every channel shows whole
HEARS = frozenset({"telegram", "whatsapp"})  # channels that bring voice notes


def open_survey(exchange: Exchange, args: tuple[str, ...]) -> None:
    """What it is, how answers are kept, and the way to begin; who had begun goes on."""
    survey = _found(exchange, int(args[0]))
    if survey is None:
        return
    if exchange.state.run is not None and exchange.state.run.survey == survey.id:
        _ask(exchange, survey, text("bot.survey.resumed", "ok"))
        return
    exchange.state = replace(exchange.state, about=survey.id)
    exchange.show(_intro(exchange, survey), Place.SURVEY_INTRO)


def begin(exchange: Exchange, args: tuple[str, ...]) -> None:
    """The first question; where answers lead to a person, only after the OK to saving."""
    survey = _found(exchange, int(args[0]))
    if survey is None:
        return
    if _asks_to_save(exchange, survey):
        return
    if exchange.state.run is None or exchange.state.run.survey != survey.id:
        survey_left.let_go(exchange)
        exchange.state = replace(exchange.state, run=Run(survey.id))
    _ask(exchange, survey)


def press(exchange: Exchange, args: tuple[str, ...]) -> None:
    """A choice, or a question skipped. A button of an earlier question changes nothing."""
    id, question, chosen = int(args[0]), int(args[1]), args[2]
    survey, run = _found(exchange, id), exchange.state.run
    if survey is None:
        return
    if run is None or run.survey != id or run.question != question:
        open_survey(exchange, (str(id),))
        exchange.lead(text("bot.notice.stale", "safety"))
        return
    _take(exchange, survey, run, None if chosen == SKIP else int(chosen))


def waits(exchange: Exchange) -> bool:
    """Whether a question stands there that is answered in own words; also where it was closed meanwhile."""
    run = exchange.state.run
    if run is None or exchange.state.place is not Place.SURVEY:
        return False
    survey = exchange.surveys.read(run.survey)
    if survey is None:
        return True
    questions = _words(exchange, survey).questions
    return run.question < len(questions) and not questions[run.question].choices


def typed(exchange: Exchange, words: str) -> None:
    """Own words where the question waits for them. They are kept with the survey, and nowhere else."""
    exchange.joined = True
    run = exchange.state.run
    survey = _found(exchange, run.survey) if run is not None else None
    if run is None or survey is None:
        return
    if is_answer(words, _words(exchange, survey).questions[run.question]):
        _take(exchange, survey, run, words.strip())
    else:
        _ask(exchange, survey, text("bot.survey.too_long", "safety"))


def spoken(exchange: Exchange, voice: Media) -> None:
    """A voice note where the question waits for own words."""
    run = exchange.state.run
    survey = _found(exchange, run.survey) if run is not None else None
    if run is None or survey is None or _asks_to_save(exchange, survey):
        return
    if survey.anonymous:
        _ask(exchange, survey, text("bot.survey.voice_refused", "safety"))
        return
    if refused := unfit(voice):
        _ask(exchange, survey, text(refused, "safety"))
        return
    answer = exchange.surveys.hear(voice)
    if answer is None:
        _ask(exchange, survey, text("bot.media.enough", "safety"))
        return
    _take(exchange, survey, run, answer)
    exchange.lead(text("bot.survey.voice", "voice"), quiet("bot.media.stored", "privacy"))


def stop(exchange: Exchange, _args: tuple[str, ...] = ()) -> None:
    """What was answered so far is thrown away."""
    survey_left.let_go(exchange)
    exchange.state = replace(exchange.state, about=0)
    exchange.show(Card((text("bot.survey.stopped", "ok"),)), Place.TALK)


def invited(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Whether they may be invited to a talk; then all of it is written down."""
    survey, run = _found(exchange, int(args[0])), exchange.state.run
    if survey is None:
        return
    if run is None or run.survey != survey.id or run.question < len(_words(exchange, survey).questions):
        open_survey(exchange, args[:1])
    elif not _asks_to_save(exchange, survey):
        _finish(exchange, survey, run, may_invite=args[1] == YES)


def back(exchange: Exchange) -> None:
    """The question before, which is open again; from the first one to the page before it."""
    run = exchange.state.run
    survey = _found(exchange, run.survey) if run is not None else None
    if run is None or survey is None:
        return
    if not run.answers:
        exchange.state = replace(exchange.state, about=survey.id)
        exchange.show(replace(_intro(exchange, survey), edits=True), Place.SURVEY_INTRO)
        return
    exchange.surveys.throw_away(run.answers[-1:])
    exchange.state = replace(exchange.state, run=run.back())
    _ask(exchange, survey)


def again(exchange: Exchange) -> None:
    """The question, or the page before the first one, once more."""
    run = exchange.state.run
    open_survey(exchange, (str(run.survey if run is not None else exchange.state.about),))


def _take(exchange: Exchange, survey: SurveyRow, run: Run, answer: Answer) -> None:
    question = _words(exchange, survey).questions[run.question]
    if not is_answer(answer, question):
        _ask(exchange, survey)
        return
    exchange.state = replace(exchange.state, run=run.answered(answer))
    _ask(exchange, survey)


def _ask(exchange: Exchange, survey: SurveyRow, *before: Line) -> None:
    """The next question; after the last one, whether they may be invited, or the end."""
    if _asks_to_save(exchange, survey):
        return
    run, words = exchange.state.run, _words(exchange, survey)
    assert run is not None
    if run.question < len(words.questions):
        write = "bot.survey.write" if survey.anonymous or exchange.channel not in HEARS else "bot.survey.write_or_say"
        card = _card(survey.id, run.question, words.questions, write)
    elif survey.invites:
        card = _asks_to_invite(survey.id)
    else:
        _finish(exchange, survey, run, may_invite=False)
        return
    exchange.show(replace(card.led_by(*before), edits=True), Place.SURVEY)


def _asks_to_save(exchange: Exchange, survey: SurveyRow) -> bool:
    """Ask for the OK to saving where answers lead to a person; also of who took it back half-way."""
    if survey.anonymous or exchange.saves:
        return False
    rows = ((key(Act.CONSENT, "bot.event.save", "done", "full"),),)
    exchange.state = replace(exchange.state, about=survey.id)
    exchange.show(Card((text("bot.survey.must_save", "privacy"),), rows), Place.SURVEY_INTRO)
    return True


def _finish(exchange: Exchange, survey: SurveyRow, run: Run, *, may_invite: bool) -> None:
    exchange.surveys.finish(survey.id, run.answers, may_invite=may_invite)
    done = (*exchange.state.surveyed, survey.id) if survey.anonymous else exchange.state.surveyed
    exchange.state = replace(exchange.state, run=None, about=0, surveyed=done)
    line = "bot.survey.thanks_invited" if may_invite else "bot.survey.thanks"
    exchange.show(Card((text(line, "done"),)), Place.TALK)


def _found(exchange: Exchange, id: int) -> SurveyRow | None:
    """The survey; where it is not for them or not any more, that is said."""
    survey = None if id in exchange.state.surveyed else exchange.surveys.read(id)
    if survey is None:
        if exchange.state.run is not None and exchange.state.run.survey == id:
            survey_left.let_go(exchange)
        exchange.show(Card((text("bot.survey.over", "info"),)), Place.TALK)
    return survey


def _words(exchange: Exchange, survey: SurveyRow) -> Words:
    code = stand_in(exchange.locale, survey.texts)
    return load(*survey.texts[code]) if code is not None else Words("", "", ())


def _intro(exchange: Exchange, survey: SurveyRow) -> Card:
    words, code = _words(exchange, survey), stand_in(exchange.locale, survey.texts)
    lines = [Line((Local(words.title),), Style.TITLE, ICON)]
    lines += [Line((Local(words.intro),))] if words.intro else []
    lines.append(Line((Msg("bot.survey.count", count=len(words.questions)),)))
    lines.append(quiet("bot.survey.anonymous" if survey.anonymous else "bot.survey.linked", "privacy"))
    if code is not None and code != exchange.locale:
        lines.append(quiet("bot.notice.missing", language=LOCALES[code].name))
    return Card(tuple(lines), ((key(Act.SURVEY_BEGIN, "bot.survey.begin", "next", str(survey.id)),),))


def _card(id: int, place: int, questions: Sequence[Question], write: str) -> Card:
    """write: the key of what is said where no choices stand."""
    question = questions[place]
    lines = [title("bot.survey.number", ICON, number=place + 1, count=len(questions)), Line((Local(question.text),))]
    if any(short(choice, LONGEST_LABEL) != choice for choice in question.choices):
        # A label has room for a few words alone.
        lines += [Line((Local(f"{n}. {choice}"),)) for n, choice in enumerate(question.choices, 1)]
    if not question.choices:
        lines.append(quiet(write))
    rows = [(_choice(id, place, n, choice),) for n, choice in enumerate(question.choices)]
    skip = key(Act.SURVEY_ANSWER, "bot.survey.skip", "next", str(id), str(place), SKIP)
    return Card(tuple(lines), (*rows, (skip, key(Act.SURVEY_STOP, "bot.survey.stop", "stop"))))


def _choice(id: int, place: int, n: int, choice: str) -> Key:
    return Key(Action(Act.SURVEY_ANSWER, (str(id), str(place), str(n))), Local(short(choice, LONGEST_LABEL)))


def _asks_to_invite(id: int) -> Card:
    rows = (
        (key(Act.SURVEY_INVITED, "bot.survey.invite_yes", "done", str(id), YES),),
        (key(Act.SURVEY_INVITED, "bot.survey.invite_no", "no", str(id), "no"),),
    )
    return Card((text("bot.survey.invite"), quiet("bot.survey.apart", "privacy")), rows)
