"""References: what an expression may speak of at each point of a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from antiphon.compiler.findings import Findings
from antiphon.language import Evaluator, ExpressionError
from antiphon.model.document import Path
from antiphon.suggest import nearest

ROOTS = {
    "event": "what happened",
    "trigger": "the trigger that fired: id, inputs, scheduled_at",
    "steps": "the results of earlier steps",
    "vars": "the values given by earlier `set` steps",
    "inputs": "the answers given to a recipe",
    "subject": "whom the run is about",
    "review": "what was said when work was last sent back: comment, by, round",
    "run": "this run: id, workflow, url, effects (the keys of what it has done), last_effect",
    "workspace": "name, tz, flags and public url of the workspace",
    "secrets": "secrets, in `with:` only",
    "error": "what went wrong, in `catch:` and `on_error:` only",
    "exit": "what ended the run early, in `on_exit:` only: event, then",
}


@dataclass(frozen=True)
class Sight:
    """What can be seen from one point: steps that have run, values that are set, and names bound by loops.

    `later` has the steps that come after it, and `hidden` those inside a loop that is over, with the loop's id.
    """

    steps: Mapping[str, Path] = field(default_factory=dict)
    later: Mapping[str, Path] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    vars: frozenset[str] = frozenset()
    inputs: frozenset[str] = frozenset()
    manual_inputs: frozenset[str] | None = None
    names: frozenset[str] = frozenset()
    subject: bool = False
    secrets: bool = False
    error: bool = False
    exit: bool = False

    def after(self, step: str, path: Path) -> Sight:
        """The same sight once a step has run."""
        return replace(self, steps={**self.steps, step: path})


class References:
    """Checks the references of every expression against what can be seen where it stands."""

    def __init__(self, findings: Findings, evaluator: Evaluator) -> None:
        self.findings = findings
        self.evaluator = evaluator

    def check(self, value: Any, path: Path, sight: Sight) -> None:
        """Check every expression in a value that stands at `path`."""
        match value:
            case str():
                self._text(value, path, sight)
            case Mapping():
                for key, item in value.items():
                    self.check(item, (*path, str(key)), sight)
            case list() | tuple():
                for index, item in enumerate(value):
                    self.check(item, (*path, index), sight)

    def _text(self, text: str, path: Path, sight: Sight) -> None:
        try:
            references = self.evaluator.check(text)
        except ExpressionError as error:
            self.findings.add(path, error.sentence, error.hint, offset=error.offset)
            return
        for reference in references:
            if told := self._refused(reference.path, sight):
                self.findings.add(path, told[0], told[1], offset=reference.offset)

    def _refused(self, chain: tuple[str, ...], sight: Sight) -> tuple[str, str] | None:
        root, *rest = chain
        if root in sight.names:
            return None
        if root not in ROOTS:
            known = [*ROOTS, *sight.names]
            return f"There is no `{root}` here.", nearest(root, known) or f"An expression sees {', '.join(known)}."
        first = rest[0] if rest else None
        match root:
            case "secrets" if first is None:
                return "A secret is named where it is used.", "Write secrets.name; nothing may choose among them."
            case "secrets" if not sight.secrets:
                return "Secrets may be used in the `with:` of a step only.", "Move it there, or name a connection."
            case "error" if not sight.error:
                return "`error` is known only in the `catch:` of a try and in `on_error:`.", ""
            case "exit" if not sight.exit:
                return "`exit` is known only in `on_exit:`.", ""
            case "subject" if not sight.subject:
                return "This workflow has no `subject:`.", "Add one, such as subject: ${{ event.author }}."
            case "steps" if first is not None and first not in sight.steps:
                return self._step(first, sight)
            case "vars" if first is not None and first not in sight.vars:
                return f"`vars.{first}` is not set before this point.", nearest(first, sight.vars)
            case "inputs" if first is not None and first not in sight.inputs:
                hint = nearest(first, sight.inputs) or "The inputs of a run by hand are `trigger.inputs.…`."
                return f"There is no input `{first}`.", hint
            case "trigger" if first == "inputs" and len(rest) > 1:
                return self._manual(rest[1], sight)
        return None

    def _step(self, name: str, sight: Sight) -> tuple[str, str]:
        if name in sight.hidden:
            loop = sight.hidden[name]
            return f"`steps.{name}` is inside `{loop}` and cannot be seen after it.", "Use it there, or set a variable."
        if name in sight.later:
            line = self.findings.node.place_of(sight.later[name]).line
            return f"`steps.{name}` has not run yet at this point.", f"It stands on line {line}; move one of the two."
        hint = nearest(name, [*sight.steps, *sight.later])
        return f"There is no step `{name}`.", hint or "Give the step an `id:` to refer to it."

    def _manual(self, name: str, sight: Sight) -> tuple[str, str] | None:
        if sight.manual_inputs is None:
            return "No trigger of this workflow has inputs.", "Add manual: {inputs: …} to a trigger."
        if name not in sight.manual_inputs:
            return f"There is no input `{name}`.", nearest(name, sight.manual_inputs)
        return None
