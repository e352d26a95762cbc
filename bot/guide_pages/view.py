"""A guide as one page in one language: every step with its facts, how sure they are, and where they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot import screens, step_cards
from bot.cards import Line, Msg
from bot.compose import MISSING, Composer
from bot.world import World
from content.schema import BranchStep, CallStep, Choice, DoStep, EndStep, Fact, Guide, Shown
from i18n.locales import LOCALES
from i18n.serbian import to_latin

PAGE = "bot.guide_page"
DAY = len("2024-05-16")


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where a fact was read. when: of the source itself."""

    title: str
    address: str
    when: str


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact. strength: how sure it is, in words. read_on: when we read it; "" for what is not known."""

    icon: str
    words: str
    strength: str
    sources: tuple[SourceView, ...] = ()
    read_on: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer to a question, and the step that it leads to, where that one is on the page."""

    label: str
    to: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """What to show at a counter, in both scripts, and what it means."""

    local: str
    latin: str
    means: str


@dataclass(frozen=True, slots=True)
class StepView:
    """One step. number: of what is to be done, 0 = nothing is. guide: id of another guide that is done here, or ""."""

    id: str
    number: int
    title: str
    texts: tuple[str, ...] = ()
    warning: str = ""
    facts: tuple[FactView, ...] = ()
    card: CardView | None = None
    answers: tuple[AnswerView, ...] = ()
    guide: str = ""


@dataclass(frozen=True, slots=True)
class GuideView:
    """A whole guide. notes: how old it is, how sure its translation; papers: text and name at the counter."""

    title: str
    intro: tuple[str, ...]
    facts: tuple[FactView, ...]
    papers: tuple[tuple[str, str], ...]
    steps: tuple[StepView, ...]
    changes: tuple[str, ...]
    notes: tuple[str, ...]


class _Writer:
    """Writes one guide in one language."""

    def __init__(self, world: World, guide: Guide, locale: str) -> None:
        self.world, self.guide, self.locale = world, guide, locale
        self.composer = Composer(world, locale)
        self.shown = guide.shown()

    def say(self, key: str) -> str:
        return self.composer.say(Msg(f"{self.guide.id}.{key}"))

    def page(self, key: str, **params: str | date) -> str:
        return self.composer.say(Msg(f"{PAGE}.{key}", params))

    def facts(self, ids: tuple[str, ...]) -> tuple[FactView, ...]:
        return tuple(self.fact(id, fact) for id, fact in self.world.facts(self.guide, ids))

    def fact(self, id: str, fact: Fact) -> FactView:
        icons = self.world.pack.icons
        if not fact.shown:
            topic = Msg("bot.step.not_known", {"topic": Msg(f"{self.guide.id}.fact-{id}.topic")})
            return FactView(icons["unknown"], self.composer.say(topic), self.page("unknown"))
        read_on = self.page("read_on", date=fact.checked_on or self.guide.checked_on)
        sources = tuple(self.source(source) for source in fact.sources)
        icon = icons[fact.icon] if fact.icon else ""
        return FactView(icon, self.say(f"fact-{id}.text"), self.page(fact.strength), sources, read_on)

    def source(self, id: str) -> SourceView:
        source = self.world.pack.sources[id]
        if source.date == "undated":
            return SourceView(source.title, source.address, self.composer.say(Msg("bot.step.undated")))
        day: str | date = date.fromisoformat(source.date) if len(source.date) == DAY else source.date
        return SourceView(source.title, source.address, self.composer.say(Msg("bot.step.from", {"date": day})))

    def step(self, step: Shown, number: int) -> StepView:
        texts = tuple(self.say(f"{step.id}.{part}") for part in ("text", "more") if getattr(step, part))
        choices = () if isinstance(step, EndStep) else step.choices
        return StepView(
            id=step.id,
            number=number,
            title=self.say(f"{step.id}.title"),
            texts=texts,
            warning=self.say(f"{step.id}.warning") if step.warning else "",
            facts=self.facts(step.facts + step.more_facts),
            card=self.card(step.clerk_card) if step.clerk_card else None,
            answers=tuple(self.answer(step, choice) for choice in choices) if len(choices) > 1 else (),
        )

    def answer(self, step: Shown, choice: Choice) -> AnswerView:
        label = self.say(f"{step.id}.{choice.id}")
        if choice.to not in self.shown:  # a branch, which looks at other answers
            return AnswerView(label)
        return AnswerView(label, choice.to, self.say(f"{choice.to}.title"))

    def card(self, id: str) -> CardView:
        card = self.guide.clerk_cards[id]
        means = Msg("bot.step.card_means", {"gloss": Msg(f"{self.guide.id}.card-{id}.gloss")})
        return CardView(card.local, to_latin(card.local), self.composer.say(means))

    def steps(self) -> tuple[StepView, ...]:
        written, number = [], 0
        for step in self.guide.steps:
            if isinstance(step, BranchStep):
                continue
            if isinstance(step, CallStep):
                title = self.composer.say(Msg(f"{step.call}.guide.title"))
                written.append(StepView(step.id, 0, title, guide=step.call))
                continue
            number += isinstance(step, DoStep)
            written.append(self.step(step, number if isinstance(step, DoStep) else 0))
        return tuple(written)

    def notes(self, today: date) -> tuple[str, ...]:
        notes = [self._line(step_cards.checked(self.guide, today))]
        if self.locale != "en" and self.world.catalog.checked(self.locale, self.guide.id) is None:
            notes.append(self.composer.say(Msg("bot.intro.unchecked")))
        if not self.world.confirmed:
            notes.append(self.composer.say(Msg("bot.home.trial")))
        others = [LOCALES[code].name for code in sorted(self.composer.fallbacks)]
        return (*notes, *(self.composer.say(Msg(MISSING, {"language": name})) for name in others))

    def _line(self, line: Line) -> str:
        return " ".join(self.composer.say(part) for part in line.texts if isinstance(part, Msg))


def write(world: World, guide: Guide, locale: str, today: date) -> GuideView:
    """The guide in this language as it is today; texts without translation come in the nearest one."""
    writer = _Writer(world, guide, locale)
    papers = tuple(
        (writer.say(f"paper-{paper.id}.text"), f"{to_latin(paper.local)} / {paper.local}" if paper.local else "")
        for paper in guide.papers
    )
    changes = [
        writer.composer.say(
            Msg("bot.welcome.change", {"date": change.date, "text": Msg(f"{guide.id}.change-{n + 1}.text")})
        )
        for n, change in enumerate(guide.changes)
    ]
    return GuideView(
        title=writer.say("guide.title"),
        intro=(writer.say("intro.gives"), writer.say("intro.for_whom")),
        facts=writer.facts(guide.live + guide.intro.facts),
        papers=papers,
        steps=writer.steps(),
        changes=tuple(reversed(changes)),
        # Last: only now is known in which languages texts came.
        notes=writer.notes(today),
    )


def words(world: World, locale: str) -> dict[str, str]:
    """The texts of the pages themselves, by name."""
    composer = Composer(world, locale)
    bot = screens.bot_name(world)
    keys = (
        "list", "languages", "steps", "answers", "sources", "chat", "chat_open", "qr", "missing_title", "missing",
    )  # fmt: skip
    said = {key: composer.say(Msg(f"{PAGE}.{key}")) for key in keys}
    return said | {
        "bot": composer.say(bot) if isinstance(bot, Msg) else bot,
        "papers": composer.say(Msg("bot.intro.papers_title")),
        "changes": composer.say(Msg("bot.welcome.changes_title")),
        "show_card": composer.say(Msg("bot.step.show_card")),
    }


def title(world: World, guide: Guide, locale: str) -> str:
    """The guide's name."""
    return Composer(world, locale).say(Msg(f"{guide.id}.guide.title"))
