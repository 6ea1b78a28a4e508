"""Recipe → workflow: a document that answers a recipe's questions is unfolded, on the parsed tree."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from antiphon.errors import DocumentError, Place, Problem
from antiphon.language.answers import Answers
from antiphon.language.expressions import Evaluator
from antiphon.language.gallery import Gallery, Shelved, kind_of
from antiphon.language.inputs import fill
from antiphon.language.posts import unfold_posts
from antiphon.language.shape import shape
from antiphon.language.values import ExpressionError
from antiphon.model.document import Node, Path
from antiphon.model.recipe import RecipeUse
from antiphon.suggest import did_you_mean

LANGUAGE = 1
"""The version of the language that documents name in `antiphon:`."""

_MAX_CHAIN = 10
_TIMELESS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A workflow's tree, the recipes it came from, outermost first, and what their checks warn of."""

    node: Node
    recipes: tuple[Shelved, ...] = ()
    warnings: tuple[Problem, ...] = ()


def expand(
    node: Node,
    gallery: Gallery,
    evaluator: Evaluator | None = None,
    *,
    plugins: Collection[str] | None = None,
) -> Unfolded:
    """The workflow that a document stands for: itself, or the recipe it uses, unfolded until no recipe is left, and no
    post to several accounts.

    `evaluator` knows the filters that a recipe may use; `plugins` are the names of those installed, None when what a
    recipe `requires` shall not be checked against them.

    Raises:
        DocumentError: the recipe is not there, does not accept the answers, or goes round in a circle.
    """
    evaluator = evaluator or Evaluator({})
    unfolded = Unfolded(node)
    while (kind := kind_of(unfolded.node)) == "use":
        unfolded = _unfold(unfolded, gallery, evaluator, plugins)
    if kind == "recipe":
        hint = "Use it from a document with `recipe: name` and `inputs:`."
        raise DocumentError(
            [Problem(node.place_of(("recipe",)), "This is a recipe, which does nothing by itself.", hint)]
        )
    return replace(unfolded, node=unfold_posts(unfolded.node))


def _unfold(unfolded: Unfolded, gallery: Gallery, evaluator: Evaluator, plugins: Collection[str] | None) -> Unfolded:
    node = unfolded.node
    use = shape(node, RecipeUse)
    at = node.find(("recipe",)).place
    try:
        shelved = gallery.find(use.recipe)
    except LookupError as error:
        raise DocumentError([Problem(at, *error.args)]) from None
    chain = (*unfolded.recipes, shelved)
    if shelved in unfolded.recipes or len(chain) > _MAX_CHAIN:
        told = " → ".join(str(part) for part in chain)
        raise DocumentError([Problem(at, f"This recipe comes back to itself: {told}.", "Cut one of the uses.")])
    if missing := _unmet(shelved, at, plugins):
        raise DocumentError(missing)
    answers = _answers(node, shelved, evaluator)
    problems, warnings = _checked(node, shelved, answers)
    body = answers.put(shelved.node.find(("workflow",)))
    if problems := problems + answers.problems:
        raise DocumentError(problems)
    return Unfolded(_joined(node, use, shelved, body, answers), chain, (*unfolded.warnings, *warnings))


def _answers(node: Node, shelved: Shelved, evaluator: Evaluator) -> Answers:
    asked = shelved.recipe.inputs
    given = node.get(("inputs",)) or Node({}, node.place_of(("recipe",)))
    values, problems = fill(asked, given)
    if problems:
        raise DocumentError(problems)
    slots = {}
    for name in [name for name, question in asked.items() if question.type == "steps"]:
        own, default = given.get((name,)), shelved.node.get(("inputs", name, "default"))
        steps = own if own is not None and own.value is not None else default
        slots[name] = steps if steps is not None and isinstance(steps.value, list) else Node([], given.place)
        del values[name]
    answered = given.value if isinstance(given.value, dict) else {}
    nodes = {name: answer for name, answer in answered.items() if answer.value is not None and name in values}
    return Answers(values, nodes, slots, evaluator)


def _unmet(shelved: Shelved, at: Place, plugins: Collection[str] | None) -> list[Problem]:
    """What the recipe requires and is not here."""
    requires = shelved.recipe.requires
    problems = []
    wanted = re.fullmatch(r"\s*(>=|==|\^)?\s*(\d{1,6})\s*", requires.antiphon)
    if wanted is None:
        place = shelved.node.place_of(("requires", "antiphon"))
        problems.append(Problem(place, f"“{requires.antiphon}” is not a version of the language.", 'Write ">=1".'))
    elif int(wanted[2]) > LANGUAGE or (wanted[1] != ">=" and int(wanted[2]) != LANGUAGE):
        sentence = f"The recipe {shelved} needs the language {requires.antiphon}; this is {LANGUAGE}."
        problems.append(Problem(at, sentence, "Upgrade Antiphon."))
    if plugins is not None:
        problems += [
            Problem(
                at, f"The recipe {shelved} needs the plugin `{name}`.", did_you_mean(name, plugins) or "Install it."
            )
            for name in requires.plugins
            if name not in plugins
        ]
    return problems


def _checked(node: Node, shelved: Shelved, answers: Answers) -> tuple[list[Problem], list[Problem]]:
    """What the recipe's own checks say to the answers: reasons to refuse, and warnings."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    scope = {"inputs": answers.values}
    for index, check in enumerate(shelved.recipe.checks):
        path: Path = ("checks", index, "if")
        try:
            references = answers.evaluator.check(check.if_)
            if strange := next((reference for reference in references if reference.path[0] != "inputs"), None):
                raise ExpressionError(f"A check can look at `inputs` only, not at `{strange.path[0]}`.")
            verdict = answers.evaluator.judge(check.if_, scope, _TIMELESS)
            say = str(answers.evaluator.evaluate(check.say, scope, _TIMELESS))
        except ExpressionError as error:
            problems.append(Problem(shelved.node.place_of(path), error.sentence, error.hint))
            continue
        if verdict is None or not verdict.holds:
            continue
        looked_at = [reference.path[1] for reference in references if len(reference.path) > 1]
        place = next(
            (node.place_of(("inputs", name)) for name in looked_at if name in answers.given), node.place_of(("inputs",))
        )
        (problems if check.level == "block" else warnings).append(Problem(place, say))
    return problems, warnings


def _joined(node: Node, use: RecipeUse, shelved: Shelved, body: Node, answers: Answers) -> Node:
    """The recipe's body under the user's own head."""
    mapping = dict(body.value) if isinstance(body.value, dict) else {}
    keys = dict(body.keys)

    def take(source: Node, key: str, *, of: str = "") -> None:
        if (value := source.get((of or key,))) is not None:
            mapping[key] = value
            keys[key] = source.keys[of or key]

    if "summary" not in mapping and "recipe" not in mapping:
        take(shelved.node, "summary")
    if "name" not in mapping or use.name:
        take(node if use.name else shelved.node, "name")
    for key in ("antiphon", "id", "enabled"):
        take(node, key)
    if use.tz:
        take(node, "tz")
    if use.labels and isinstance(own := node.find(("labels",)).value, dict):
        theirs = mapping.get("labels", Node({}, node.place))
        inherited = theirs.value if isinstance(theirs.value, dict) else {}
        places = {**theirs.keys, **node.find(("labels",)).keys}
        mapping["labels"] = replace(theirs, value={**inherited, **own}, keys=places)
    whole = Node(mapping, node.place, keys)
    if kind_of(whole) == "workflow":
        inputs = {name: answers.answer(name, node.place) for name in answers.values}
        mapping["inputs"] = Node(inputs, node.place, {name: given.place for name, given in inputs.items()})
        keys["inputs"] = node.place_of(("inputs",))
    return whole
