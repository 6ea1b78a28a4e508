"""Plans: what they show, what they bind, and what is performed of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from antiphon.errors import InputError, Vetoed
from antiphon.model.effect import EffectState
from antiphon.model.event import Event
from antiphon.model.plan import Plan
from antiphon.model.run import RunState
from antiphon.testing.clock import VirtualClock
from antiphon.testing.sandbox import Fault, FaultKind

from .brand import POST, THREAD, TICKET, Brand, branded


@pytest.fixture
def brand(tmp_path: Path, store_url: str, clock: VirtualClock) -> Iterator[Brand]:
    with branded(tmp_path, store_url, clock) as brand:
        yield brand


def changes(brand: Brand, plan: Plan) -> str:
    """Why a plan is refused, as one text; the network has heard nothing of it."""
    before = brand.texts
    with pytest.raises(Vetoed) as refusal:
        brand.app.applier.apply(plan)
    assert before == brand.texts
    return str(refusal.value)


def test_shown(brand: Brand) -> None:
    """A plan has the exact content of every effect, its account, whether it can be undone, and what if in doubt."""
    brand.write(POST, TICKET)
    plan = brand.plan(brand.event(text="Bonjour ☕"))
    post, ticket = plan.effects
    assert ("mastodon.post", "brand", True, "native") == (
        post.effect.action,
        post.effect.connection,
        post.effect.reversible,
        post.effect.idempotency,
    )
    assert {"status": "Bonjour ☕", "visibility": "public"} == post.effect.payload
    assert "Bonjour ☕" == ticket.effect.payload["title"]
    assert {"brand": brand.app.connections.fingerprint("brand")} == plan.connections
    assert [] == brand.texts


def test_id(brand: Brand) -> None:
    """The same calls have the same plan; another text, event or version of the workflow has another."""
    brand.write(POST)
    one = brand.plan(brand.event(text="one"))
    assert one.fingerprint == brand.plan(brand.event(text="one")).fingerprint
    others = [brand.plan(brand.event(text="two")), brand.plan(brand.event("e2", text="one"))]
    brand.write(POST, TICKET)
    others.append(brand.plan(brand.event(text="one")))
    assert 4 == len({one.fingerprint, *(other.fingerprint for other in others)})
    assert 12 == len(one.id)


def test_kept(brand: Brand) -> None:
    """A plan that is kept is found by the beginning of its fingerprint, and is the same."""
    brand.write(POST)
    plan = brand.plan(brand.event(text="half an emoji: \ud83d, \u0000"))
    found = brand.app.store.plans.get(plan.id)
    assert found == plan
    assert found is not None
    assert plan.fingerprint == found.fingerprint
    assert [plan] == list(brand.app.store.plans.list(workflow="w"))
    assert None is brand.app.store.plans.get("")
    assert None is brand.app.store.plans.get("no such plan")


def test_ambiguous(brand: Brand) -> None:
    """A beginning that fits several plans is refused."""
    brand.write(POST)
    plans = [brand.plan(brand.event(f"e{number}", text="x")) for number in range(17)]
    first = next(digit for digit in "0123456789abcdef" if sum(one.id.startswith(digit) for one in plans) > 1)
    with pytest.raises(InputError, match="several plans"):
        brand.app.store.plans.get(first)


def test_applied(brand: Brand) -> None:
    """What was shown is performed; applied again, nothing is."""
    brand.write(POST)
    plan = brand.plan(brand.event(text="one"), brand.event("e2", text="two"))
    done = brand.app.applier.apply(plan)
    assert {EffectState.DONE: 2} == done.effects
    again = brand.app.applier.apply(plan)
    assert ((), 2) == (again.entries, len(again.runs))
    assert ["one", "two"] == sorted(brand.texts)
    kept = brand.app.store.plans.get(plan.id)
    assert kept is not None
    assert brand.clock.now() == kept.applied_at


def test_by_hand(brand: Brand) -> None:
    """Two plans by hand are two acts; each is performed once."""
    brand.write({**POST, "with": {"connection": "brand", "text": "Bonjour"}})
    one, two = brand.plan(), brand.plan()
    for plan in (one, one, two):
        brand.app.applier.apply(plan)
    assert ["Bonjour", "Bonjour"] == brand.texts


def test_trigger_answers_once(brand: Brand) -> None:
    """What a plan has answered, the trigger does not answer again."""
    brand.write(POST)
    event = brand.event(text="one")
    brand.app.applier.apply(brand.plan(event))
    brand.app.store.events.ingest([event])
    brand.app.route()
    brand.app.activate("w")
    assert ["one"] == brand.texts


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_workflow_changed(brand: Brand) -> None:
    """A plan of another version of the workflow is refused, with what would be different."""
    brand.write(POST)
    plan = brand.plan(brand.event(text="one"))
    brand.write({**POST, "with": {"connection": "brand", "text": "${{ event.text }}, now louder"}}, TICKET)
    told = changes(brand, plan)
    assert "The workflow w has changed" in told
    assert '"one", is "one, now louder"' in told
    assert "inbox.ticket at ticket (w/ticket/-/e1) would be done now, and was not shown." in told


def test_called_workflow_changed(brand: Brand) -> None:
    """A workflow that is called takes part, so a change of it counts."""
    called = {"id": "callee", "triggers": [{"id": "by_hand", "manual": {}}]}
    said = {**POST, "with": {"connection": "brand", "text": "Bonjour"}}
    brand.write(said, **called)
    brand.write({"id": "ask", "call": "callee"})
    plan = brand.plan(brand.event())
    assert ["callee", "w"] == sorted(plan.programs)
    brand.write({**said, "with": {"connection": "brand", "text": "Bonsoir"}}, **called)
    assert "The workflow callee has changed" in changes(brand, plan)


def test_workflow_gone(brand: Brand) -> None:
    """A plan of a workflow that is gone is refused."""
    brand.write(POST)
    plan = brand.plan(brand.event(text="one"))
    (brand.folder / "workflows" / "w.yaml").unlink()
    brand.reopen()
    assert "The workflow w is gone" in changes(brand, plan)


def test_content_changed(brand: Brand) -> None:
    """A text that is not the same any more is told from where it parts."""
    brand.write({**POST, "with": {"connection": "brand", "text": "x" * 100 + "${{ now().minute }}"}})
    plan = brand.plan(brand.event())
    brand.clock.advance(timedelta(minutes=5))
    told = changes(brand, plan)
    assert "mastodon.post at post (w/post/-/e1) is not the same any more: status was …xxx" in told
    assert 'x11", is …' in told
    assert 'x16".' in told


def test_done_already(brand: Brand) -> None:
    """An effect that was done in the meantime is not done again: the plan is refused."""
    brand.write(POST)
    event = brand.event(text="one")
    plan = brand.plan(event)
    run = brand.run(event)
    told = changes(brand, plan)
    assert f"e1 was answered already, by run {run}." in told
    assert "was planned, and is done now" in told


def test_connection_changed(brand: Brand) -> None:
    """Another server under the same name is another account; a new token is not."""
    brand.write(POST)
    plan = brand.plan(brand.event(text="one"))
    brand.settle(server=brand.network.url.replace("127.0.0.1", "localhost"), token=brand.account.token)
    brand.reopen()
    assert "The connection brand has changed" in changes(brand, plan)
    brand.settle(server=brand.network.url, token=brand.network.account("torrea").token)
    brand.reopen()
    brand.app.applier.apply(plan)
    assert ["one"] == brand.texts


def test_connection_gone(brand: Brand) -> None:
    """A plan through an account that is gone is refused."""
    brand.write(POST)
    plan = brand.plan(brand.event(text="one"))
    (brand.folder / "antiphon.toml").write_text(f'[database]\nurl = "{brand.store_url}"\n', encoding="utf-8")
    brand.app.close()
    brand.app = type(brand.app).open(brand.folder, clock=brand.clock)
    assert "gone" in changes(brand, plan)


def test_too_old(brand: Brand) -> None:
    """A plan older than a day is refused, unless somebody allows more."""
    brand.write(POST)
    plan = brand.plan(brand.event(text="one"))
    brand.clock.advance(timedelta(hours=25))
    assert "more than 1d ago" in changes(brand, plan)
    brand.app.applier.apply(plan, oldest=timedelta(days=2))
    assert ["one"] == brand.texts


def test_policy(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    """What policy says is shown with each effect, and a plan is refused when it says otherwise by now."""
    plugin = "from antiphon import hookimpl\n@hookimpl\ndef review_effect(effect):\n    return 'not on Mondays'\n"
    brand.write(POST)
    plan = brand.plan(brand.event(text="one"))
    assert () == plan.effects[0].objections
    (brand.folder / "plugin.py").write_text(plugin, encoding="utf-8")
    brand.reopen()
    assert "Policy says otherwise" in changes(brand, plan)
    [objection] = brand.plan(brand.event(text="one")).effects[0].objections
    assert ("refuse", "not on Mondays") == (objection.verdict, objection.because)


# -- what is known only later ------------------------------------------------------------------------------------------


def test_known_later(brand: Brand) -> None:
    """What depends on a step says so; it is not performed before somebody has agreed to follow."""
    brand.write(POST, THREAD)
    plan = brand.plan(brand.event(text="one"))
    assert [(), ("post",)] == [one.known_after for one in plan.effects]
    done = brand.app.applier.apply(plan)
    assert ["one"] == brand.texts
    assert [RunState.HELD] == [run.state for run in done.runs]
    assert "`antiphon apply" in done.runs[0].because
    brand.app.activate("w")
    brand.app.resume(done.runs[0].id)
    assert ["one"] == brand.texts
    followed = brand.app.applier.apply(plan, follow=True)
    assert [RunState.DONE] == [run.state for run in followed.runs]
    assert ["one", "And more"] == brand.texts


def test_undecided(brand: Brand) -> None:
    """What follows a decision that is open was not shown, and is held."""
    later = {"if": ["${{ steps.post.remote_id != '' }}"], "then": [{**POST, "id": "second"}]}
    brand.write(POST, later)
    plan = brand.plan(brand.event(text="one"))
    assert 1 == len(plan.effects)
    held = brand.app.applier.apply(plan)
    assert "did not show it" in held.runs[0].because
    assert ["one"] == brand.texts
    assert None is brand.app.store.ledger.get("w/if_2/second/-/e1")


def test_time(brand: Brand) -> None:
    """An effect after a wait says when it would be done, and one in another branch does not wait for it."""
    wait = {"id": "pause", "wait": "2h"}
    one, two = ({**POST, "id": name} for name in ("one", "two"))
    branches = [{"id": "slow", "if": ["${{ true }}"], "then": [{**wait, "id": "more"}, one]}, two]
    brand.write(wait, {"id": "both", "parallel": {"steps": branches}}, {**POST, "id": "last"})
    plan = brand.plan(brand.event(text="x"))
    after = {one.effect.step.rpartition("/")[2]: one.at - plan.planned_at for one in plan.effects}
    assert {"one": timedelta(hours=4), "two": timedelta(hours=2), "last": timedelta(hours=4)} == after


# -- what is interrupted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [FaultKind.ACCEPT_THEN_RESET, FaultKind.RESET])
def test_interrupted(brand: Brand, kind: FaultKind) -> None:
    """A plan that was interrupted is applied again, and goes on where it stood: nothing lost, nothing twice."""
    brand.write(POST, {**POST, "id": "second"})
    plan = brand.plan(brand.event(text="one"), brand.event("e2", text="two"))
    brand.network.faults.add(Fault("POST /api/v1/statuses", kind, times=1))
    brand.app.applier.apply(plan)
    for _ in range(3):
        brand.reopen()
        brand.app.applier.apply(plan)
    assert ["one", "one", "two", "two"] == sorted(brand.texts)


def test_resumed_by_others(brand: Brand) -> None:
    """Who else goes on with a run of a plan is bound by the plan as well."""
    brand.write(POST, THREAD)
    plan = brand.plan(brand.event(text="one"))
    marked = brand.app.applier._marked(plan, brand.app._called(brand.app.program("w"), plan.calls[0]))
    brand.app.store.plans.begin(plan.fingerprint, brand.clock.now(), follow=False)
    brand.app.store.runs.open([marked])
    brand.reopen()
    brand.app.activate("w")
    assert ["one"] == brand.texts


def test_edited_in_between(brand: Brand) -> None:
    """Content in the ledger that is not what was shown is not sent."""
    brand.write(POST)
    event: Event = brand.event(text="one")
    plan = brand.plan(event)
    other = plan.effects[0].effect.model_copy(update={"payload": {"status": "other", "visibility": "public"}})
    marked = brand.app.applier._marked(plan, brand.app._called(brand.app.program("w"), plan.calls[0]))
    brand.app.store.runs.open([marked])
    brand.app.store.ledger.plan([other])
    done = brand.app.applier.apply(plan)
    assert "its content is not the one that plan" in done.runs[0].because
    assert [] == brand.texts
