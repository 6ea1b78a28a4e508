"""Posts: one post for many networks becomes one step for each of them, on the parsed tree.

    - id: launch
      post:
        text: The new roast is here
        to:
          brand:
          sky: {text: "New roast → torrea.example"}

is read as steps `launch_brand` and `launch_sky` side by side. Each is an effect with a receipt of its own, and none
knows of the others. Every value keeps the line on which it was written.
"""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.errors import Place
from antiphon.model.document import Node
from antiphon.model.workflow import Post

_LISTS = frozenset({"actions", "then", "else", "steps", "try", "catch", "finally", "on_error"})
_HOLDERS = frozenset({"parallel", "choose"})
"""Where steps stand, and where such lists are found further inside; all else is the author's own data."""

_SHARED = ("hours", "cap", "veto", "retry", "timeout")
"""Keys of the step that hold for each of its posts."""


def unfold_posts(node: Node) -> Node:
    """The tree with every well-made `post` step unfolded; any other stays, for its shape to be complained about."""
    match node.value:
        case dict() as mapping:
            inner = {key: _below(key, child) for key, child in mapping.items()}
            return Node(inner, node.place, node.keys)
        case list() as items:
            return Node([unfold_posts(item) for item in items], node.place)
    return node


def _below(key: str, node: Node) -> Node:
    if key in _LISTS and isinstance(node.value, list):
        return Node([_unfolded(unfold_posts(step)) for step in node.value], node.place)
    if key == "on_exit" and isinstance(node.value, dict):
        ends = {name: _below("steps", steps) for name, steps in node.value.items()}
        return Node(ends, node.place, node.keys)
    return unfold_posts(node) if key in _HOLDERS else node


def _unfolded(step: Node) -> Node:
    post, name = step.get(("post",)), step.get(("id",))
    to = post.get(("to",)) if post else None
    if not (isinstance(step.value, dict) and post and isinstance(post.value, dict) and to and name):
        return step
    if not isinstance(to.value, dict) or not to.value or set(step.value) - set(Post.model_fields):
        return step
    if not all(isinstance(variant.value, dict | None) for variant in to.value.values()):
        return step
    shared = {key: step.value[key] for key in _SHARED if key in step.value}
    common = {key: value for key, value in post.value.items() if key not in ("to", "fail")}
    steps = [
        _one(f"{name.value}_{account}", account, to.keys[account], variant, common, post.keys, shared)
        for account, variant in to.value.items()
    ]
    branches = {"steps": Node(list(steps), to.place)}
    if fail := post.get(("fail",)):
        branches["fail"] = fail
    at = step.keys["post"]
    parallel = Node(branches, at, dict.fromkeys(branches, at))
    kept = {key: value for key, value in step.value.items() if key in ("id", "name")}
    return Node({**kept, "parallel": parallel}, step.place, {**step.keys, "parallel": at})


def _one(
    name: str,
    account: str,
    at: Place,
    variant: Node,
    common: Mapping[str, Node],
    places: Mapping[str, Place],
    shared: Mapping[str, Node],
) -> Node:
    """The step for one account: what the variant says, before what all of them say."""
    own = variant.value if isinstance(variant.value, dict) else {}
    said = {"connection": Node(account, at), **common, **{key: value for key, value in own.items() if key != "use"}}
    keys = {"connection": at, **places, **variant.keys}
    step = {
        "id": Node(name, at),
        "use": own.get("use", Node("post.publish", at)),
        "with": Node(said, variant.place, {key: keys[key] for key in said}),
        **shared,
    }
    return Node(step, at, {**dict.fromkeys(step, at), **{key: variant.keys[key] for key in ("use",) if key in own}})
