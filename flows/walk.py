"""One turn in the making: from step to step until something waits or the outermost flow has ended."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from flows.answers import bring_out, given, known, remember, unprotected
from flows.conditions import Unknown, judge
from flows.effects import Effect, Ended, OpenRequest, Show
from flows.model import (
    Choice,
    ChoiceId,
    Flow,
    FlowError,
    FlowId,
    Kind,
    Library,
    Profile,
    Step,
    StepId,
    find_flow,
    find_step,
)
from flows.route import position
from flows.session import Run

MAX_STEPS = 100
MAX_RUNS = 5
# How far Back reaches. Only somebody who goes round a loop for ever gets here; their session must not grow for ever.
MAX_BEHIND = 200
DONE = ChoiceId("done")


@dataclass(slots=True)
class Walk:
    """The run stack as this turn changes it, and what is to be felt so far.

    answered: the name that was asked for in this turn. A branch does not ask again at once what was just declined.
    """

    library: Library
    profile: Profile
    runs: list[Run]
    last_run: int
    effects: list[Effect] = field(default_factory=list)
    answered: str | None = None

    @property
    def run(self) -> Run:
        """The innermost run."""
        return self.runs[-1]

    @run.setter
    def run(self, run: Run) -> None:
        self.runs[-1] = run

    @property
    def flow(self) -> Flow:
        """The flow of the innermost run."""
        return find_flow(self.library, self.run.flow)

    @property
    def step(self) -> Step:
        """The step at which the innermost run stands."""
        return find_step(self.flow, self.run.step)

    def push(self, flow: FlowId | None) -> StepId:
        """Put a new run on the stack; return the step at which it starts."""
        found = find_flow(self.library, flow)
        if len(self.runs) == MAX_RUNS:
            raise FlowError(f"flow {found.id!r} would be run {MAX_RUNS + 1} deep")
        self.last_run += 1
        self.runs.append(Run(found.id, self.last_run, found.start, visit=0, hash=found.hash))
        return found.start

    def go(self, to: StepId | None) -> None:
        """Enter `to` and what follows it, until something waits or the outermost flow has ended."""
        for _ in range(MAX_STEPS):
            if to is None:
                return
            to = self._enter(to)
        if to is not None:
            raise FlowError(f"more than {MAX_STEPS} steps in one turn, the last {to!r} of flow {self.run.flow!r}")

    def take(self, choice: Choice) -> None:
        """Answer the wait at which the person is, and walk on."""
        run, step = remember(self.run, self.step, choice), self.step
        done = run.done
        if step.kind is Kind.ACTION and choice.id == DONE and step.id not in done:
            done = (*done, step.id)
        self.answered = step.answer
        if run.detour is not None:
            self.run = replace(run, done=done, detour=None)
            self.go(run.detour)
        else:
            self.run = replace(run, done=done, path=(*run.path, step.id)[-MAX_BEHIND:])
            self.go(choice.to)

    def stand(self) -> None:
        """Wait anew at the step where the run was put from outside; walk on where nothing waits any more.

        The step is not entered: whoever comes back to a handoff opens no second request.
        """
        if self.step.waits:
            self.run = replace(self.run, visit=self.run.visit + 1)
            self.show(again=False)
        else:
            self.go(self.run.step)

    def show(self, *, again: bool) -> None:
        """Show the step at which the innermost run stands."""
        run, flow, number, of = self.run, self.flow, 0, 0
        if find_step(flow, run.step).kind is Kind.ACTION:
            number, of = position(flow, run, known(self.runs, self.profile))
        self.effects.append(Show(run.flow, run.step, run.id, run.visit, number, of, again))

    def _enter(self, to: StepId) -> StepId | None:
        """Return the step to enter next; None where something waits or all has ended."""
        step = find_step(self.flow, to)
        self.run = replace(self.run, step=to, visit=self.run.visit + 1 if step.waits else self.run.visit)
        match step.kind:
            case Kind.BRANCH:
                return self._branch(step)
            case Kind.CALL:
                return self.push(step.calls)
            case Kind.HANDOFF:
                self._ask_staff(step)
                return self._say(step)
            case Kind.QUESTION | Kind.ACTION | Kind.NOTE | Kind.END:
                return self._say(step)
            case _:
                assert_never(step.kind)

    def _say(self, step: Step) -> StepId | None:
        self.show(again=False)
        if step.waits:
            return None
        return self._end(step) if step.ending else _next(self.flow, step)

    def _end(self, step: Step) -> StepId | None:
        """End the innermost flow. The flow that called it goes on, except after a handoff: then a person does."""
        inner = self.runs.pop()
        if not self.runs or step.kind is Kind.HANDOFF:
            self.runs.clear()
            self.effects.append(Ended(inner.flow, step.id))
            return None
        self.run = bring_out(inner, self.run, self.flow)
        return _next(self.flow, self.step)

    def _ask_staff(self, step: Step) -> None:
        if step.request is None:
            raise FlowError(f"handoff {step.id!r} of flow {self.run.flow!r} names no request")
        answers, plain = given(self.runs).values, unprotected(self.library, self.runs)
        self.effects.append(
            OpenRequest(
                step.request,
                self.run.flow,
                step.id,
                answers={name: value for name, value in answers.items() if name in plain},
                sensitive={name: value for name, value in answers.items() if name not in plain},
            )
        )

    def _branch(self, step: Step) -> StepId:
        """Return where the first case that holds leads, or the question that has to be asked again first."""
        facts = known(self.runs, self.profile)
        for case in step.cases:
            truth = True if case.when is None else judge(case.when, facts.values, facts.missing)
            if isinstance(truth, Unknown):
                return self._ask_again(step, truth)
            if truth:
                return case.to
        raise FlowError(f"no case of branch {step.id!r} of flow {self.run.flow!r} holds")

    def _ask_again(self, branch: Step, unknown: Unknown) -> StepId:
        """Return the question that fills the gap; "otherwise" where it was just declined or this flow does not ask."""
        if self.answered not in unknown.names:
            for name in unknown.names:
                question = self._question(name)
                if question is not None:
                    self.run = replace(self.run, detour=branch.id)
                    return question
        for case in branch.cases:
            if case.when is None:
                return case.to
        raise FlowError(f"branch {branch.id!r} of flow {self.run.flow!r} has no otherwise")

    def _question(self, name: str) -> StepId | None:
        """Return the question of this flow that asks for `name`: the last one passed, else the first one written."""
        asking = [step.id for step in self.flow.steps.values() if step.answer == name and step.waits]
        passed = [step for step in self.run.path if step in asking]
        if passed:
            return passed[-1]
        return asking[0] if asking else None


def _next(flow: Flow, step: Step) -> StepId:
    if step.next is None:
        raise FlowError(f"step {step.id!r} of flow {flow.id!r} neither waits nor leads on")
    return step.next
