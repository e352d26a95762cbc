"""Content files into a pack: all that is said in a country, ready to be walked and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, assert_never

from content.compiled import Compiled
from content.fields import Located
from content.occasions import OCCASIONS, Occasions, read_occasions
from content.problems import ContentError, Problem
from content.reading import read_file
from content.references import problems_across, problems_within
from content.schema import (
    AskStep,
    BranchStep,
    CallStep,
    Case,
    Choice,
    DoStep,
    EndStep,
    Guide,
    PersonStep,
    SayStep,
    Step,
)
from content.search_tables import SearchCommon, SearchWords, Topics
from content.series import Series, read_series
from content.tables import (
    CommandWords,
    Consent,
    Contact,
    Glossary,
    Hours,
    Icons,
    NewsTopics,
    Places,
    Service,
    Source,
    Sources,
    Templates,
    Texts,
    Urgent,
    UrgentPhrases,
)
from flows import model as flow
from flows.check import Problem as GraphProblem
from flows.check import check, structure_hash
from flows.model import ChoiceId, Flow, FlowId, Kind, Library, StepId

Table = TypeVar("Table", bound=Located)


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Everything that is said in one country. Equal to itself only: to compare all of it would take long.

    guides: by id, in their order; a broken one is not among them but has its problems in `broken`. So are series.
    occasions: None where the country has none, or their file is broken.
    contacts: by id. texts: by domain (`bot`, `desk`).
    """

    country: str
    root: Path
    guides: Mapping[str, Guide]
    broken: tuple[Problem, ...]
    sources: Mapping[str, Source]
    icons: Mapping[str, str]
    urgent: Urgent
    words: UrgentPhrases
    places: Places
    consent: Consent
    hours: Hours
    service: Service
    templates: Templates
    commands: CommandWords
    glossary: Glossary
    search_common: SearchCommon
    search: SearchWords
    topics: Topics
    texts: Mapping[str, Texts]
    news_topics: NewsTopics
    series: Mapping[str, Series] = field(default_factory=dict)
    occasions: Occasions | None = None

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """The contacts by id."""
        return {contact.id: contact for contact in self.places.contacts}


def load_guide(path: Path, compiled: Compiled | None = None) -> Guide:
    """Read one guide. compiled: see read_file. Raises ContentError, also where an id in it names nothing in it."""
    guide = read_file(path, Guide, compiled)
    problems = list(problems_within(guide))
    if guide.id != path.stem or guide.country != path.parent.name:
        text = "guide and country must be the names of the file and its folder"
        problems.append(Problem(str(path), guide.origin.line("guide"), text))
    if problems:
        raise ContentError(problems)
    return guide


def load_country(directory: Path, country: str, compiled: Compiled | None = None) -> Pack:
    """Read all content of a country from the content directory. compiled: see read_file.

    A guide that is broken is left out, so that all else works on, the emergency card above all.
    Raises ContentError when another file is broken, with the problems of all such files.
    """
    shelf = _Shelf(directory, country, compiled)
    pack = Pack(
        country=country,
        root=directory,
        guides={},
        broken=(),
        sources=shelf.table(Sources).root,
        icons=shelf.table(Icons).root,
        urgent=shelf.table(Urgent),
        words=shelf.table(UrgentPhrases),
        places=shelf.table(Places),
        consent=shelf.table(Consent),
        hours=shelf.table(Hours),
        service=shelf.table(Service),
        templates=shelf.table(Templates),
        commands=shelf.table(CommandWords),
        glossary=shelf.table(Glossary),
        search_common=shelf.table(SearchCommon),
        search=shelf.table(SearchWords),
        topics=shelf.table(Topics),
        texts=shelf.texts,
        news_topics=shelf.table(NewsTopics),
    )
    pack = _with_guides(pack, compiled)
    taken = {*pack.texts, *pack.guides, OCCASIONS}
    series, faults = read_series(directory, country, taken, pack.icons, compiled)
    occasions, more = read_occasions(directory, country, pack.icons, pack.sources, compiled)
    return replace(pack, series=series, occasions=occasions, broken=(*pack.broken, *faults, *more))


_TABLES: Mapping[type[Located], str] = {
    Sources: "sources/{country}.yaml",
    Icons: "icons.yaml",
    Urgent: "urgent/{country}.yaml",
    UrgentPhrases: "urgent/words.yaml",
    Places: "places/{country}.yaml",
    Consent: "consent/{country}.yaml",
    Hours: "hours.yaml",
    Service: "service.yaml",
    Templates: "templates.yaml",
    CommandWords: "commands.yaml",
    Glossary: "glossary.yaml",
    SearchCommon: "search/common.yaml",
    SearchWords: "search/{country}.yaml",
    Topics: "topics.yaml",
    NewsTopics: "news_topics.yaml",
}


class _Shelf:
    """All files but the guides, read at once, so that an author sees at once what is wrong in any of them."""

    def __init__(self, directory: Path, country: str, compiled: Compiled | None) -> None:
        self._compiled = compiled
        self._problems: list[Problem] = []
        names = {model: name.format(country=country) for model, name in _TABLES.items()}
        tables = {model: self._read(directory / name, model) for model, name in names.items()}
        texts = {path.stem: self._read(path, Texts) for path in sorted(directory.glob("texts/*.yaml"))}
        if self._problems:
            raise ContentError(self._problems)
        self._tables = tables
        self.texts = {domain: table for domain, table in texts.items() if table}

    def table(self, model: type[Table]) -> Table:
        table = self._tables[model]
        assert isinstance(table, model)  # it was read as this model
        return table

    def _read(self, path: Path, model: type[Table]) -> Table | None:
        try:
            return read_file(path, model, self._compiled)
        except ContentError as error:
            self._problems += error.problems
            return None


def _with_guides(pack: Pack, compiled: Compiled | None) -> Pack:
    guides: list[Guide] = []
    broken: list[Problem] = []
    places = pack.contacts.keys() | {place.id for place in pack.places.places}
    for path in sorted(pack.root.glob(f"guides/{pack.country}/*.yaml")):
        try:
            guide = load_guide(path, compiled)
        except ContentError as error:
            broken += error.problems
            continue
        faults = list(problems_across(guide, pack.sources, pack.icons, places))
        broken += faults
        guides += [] if faults else [guide]
    guides.sort(key=lambda guide: (guide.order, guide.id))
    sound, unsound = _walkable({guide.id: guide for guide in guides})
    return replace(pack, guides=sound, broken=(*broken, *unsound))


def _walkable(guides: Mapping[str, Guide]) -> tuple[Mapping[str, Guide], tuple[Problem, ...]]:
    """Leave out guides whose graph is unsound; then those that call them, and so on."""
    known = library(guides)
    problems = {id_: check(flow, known) for id_, flow in known.items()}
    if not any(problems.values()):
        return guides, ()
    faults = tuple(_located(guides[id_], problem) for id_, found in problems.items() for problem in found)
    sound, more = _walkable({id_: guide for id_, guide in guides.items() if not problems[FlowId(id_)]})
    return sound, (*faults, *more)


def _located(guide: Guide, problem: GraphProblem) -> Problem:
    ids = [step.id for step in guide.steps]
    where = ("moved",) if problem.step not in ids else ("steps", ids.index(problem.step))
    name = f"step {problem.step!r} " if problem.step else ""
    return Problem(guide.origin.file, guide.origin.line(*where), f"{name}{problem.detail}")


def library(guides: Mapping[str, Guide]) -> Library:
    """Compile the guides of a pack for the engine."""
    return {FlowId(id_): compile_flow(guide) for id_, guide in guides.items()}


def compile_flow(guide: Guide) -> Flow:
    """Compile a guide into the graph that the engine walks."""
    start = StepId(guide.steps[0].id)
    steps = {StepId(step.id): _compile_step(step) for step in guide.steps}
    moved = {StepId(gone): StepId(to) for gone, to in guide.moved.items()}
    return Flow(FlowId(guide.id), start, steps, moved, structure_hash(steps.values(), start))


def _compile_step(step: Step) -> flow.Step:
    id_ = StepId(step.id)
    match step:
        case AskStep():
            return flow.Step(id_, Kind.QUESTION, _choices(step.choices), answer=step.answer, sensitive=step.sensitive)
        case DoStep():
            return flow.Step(id_, Kind.ACTION, _choices(step.choices))
        case SayStep():
            return flow.Step(id_, Kind.NOTE, _choices(step.choices))
        case EndStep():
            return flow.Step(id_, Kind.END)
        case PersonStep():
            return flow.Step(id_, Kind.HANDOFF, _choices(step.choices), request=step.person)
        case BranchStep():
            return flow.Step(id_, Kind.BRANCH, cases=tuple(_compile_case(case) for case in step.branch))
        case CallStep():
            return flow.Step(id_, Kind.CALL, next=StepId(step.next), calls=FlowId(step.call))
        case _:
            assert_never(step)


def _choices(choices: Iterable[Choice]) -> tuple[flow.Choice, ...]:
    return tuple(flow.Choice(ChoiceId(choice.id), StepId(choice.to), choice.value) for choice in choices)


def _compile_case(case: Case) -> flow.Case:
    if case.when is None:
        return flow.Case(StepId(case.to))
    tests = tuple(flow.Is(name, frozenset(values)) for name, values in case.when.items())
    return flow.Case(StepId(case.to), tests[0] if len(tests) == 1 else flow.AllOf(tests))
