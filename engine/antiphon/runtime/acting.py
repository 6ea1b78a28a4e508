"""Acting: `use` steps. What an action plans becomes an effect, and what becomes of the effect becomes of the step.

Nothing in doubt is ever tried again here. What surely was not done is: with the patience of the house for as long as it
takes, or as often as the step's own `retry` and `timeout` say.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from pydantic import ValidationError

from antiphon.components.ports import Overtaken
from antiphon.components.secret_marks import without_seals
from antiphon.errors import (
    AccessLost,
    AntiphonError,
    RetryLater,
    SecretMissing,
    SettingsError,
    Skip,
    StoreError,
)
from antiphon.language import Later
from antiphon.model.base import describe
from antiphon.model.duration import format_duration
from antiphon.model.effect import Effect, EffectState, LedgerEntry
from antiphon.model.run import RunState, StepState
from antiphon.model.waiting import Trouble
from antiphon.model.workflow import Use
from antiphon.runtime.kit import storable
from antiphon.runtime.later import holds_later
from antiphon.runtime.make import make, with_terms
from antiphon.runtime.recording import Recording, Scope
from antiphon.runtime.requests import Ended, Perform, Walk


class Acting(Recording):
    """One run on its way: what its `use` steps do."""

    def _use(self, step: Use, path: str, scope: Scope) -> Walk:
        if self._remembered(step, path, scope):
            return
        component = self._kit.catalogue.actions.get(step.use)
        if component is None:
            raise self._failed(path, step, f"No plugin offers the action `{step.use}` any more.", scope)
        ctx = self._kit.context(self._program, self._run, path, scope)
        values = self._render(step.with_, path, step, scope)
        try:
            made = make(component, values, ctx)
        except Skip as skip:
            self._record(path, step, StepState.SKIPPED, None, scope, because=skip.sentence)
            return
        except RetryLater as later:
            raise self._again(
                path, step, "unavailable", str(later), scope, self._kit.clock.now() + later.after
            ) from later
        except (AccessLost, SettingsError, SecretMissing) as error:
            if late := self._late(path, step):
                raise self._given_up(path, step, f"{late}: {error}", scope) from error
            raise self._held(path, step, str(error), scope, None) from error
        except ValidationError as error:
            if not holds_later(values):
                raise self._failed(path, step, f"`{step.use}` cannot use this: {describe(error)}.", scope) from error
            made = Later(step.id or path)
        except StoreError:
            raise
        except AntiphonError as error:
            raise self._again(path, step, "error", str(error), scope) from error
        except Exception as error:
            message = f"`{step.use}` failed in its own code: {type(error).__name__}: {error}"
            raise self._again(path, step, "error", message, scope) from error
        match made:
            case Effect():
                [entry] = yield [Perform(self._own(made, step, path, scope))]
                self._settled(step, path, entry, scope)
            case Later():
                self._record(path, step, StepState.PLANNED, made, scope, because="depends on an earlier step")
            case _:
                self._record(path, step, StepState.DONE, made, scope)

    def _own(self, effect: Effect, step: Use, path: str, scope: Scope) -> Effect:
        """The effect under the key that the author chose, if any, and with what the document says of its sending."""
        if step.effect is not None:
            key = self._render(step.effect.key, path, step, scope)
            if key is None or not str(key).strip():
                # All effects would have this one key, and all but the first would be taken for done.
                raise self._failed(path, step, "`effect.key` gives nothing, and must tell acts apart.", scope)
            effect = effect.model_copy(update={"key": f"{self._program.id}/{key}"})
        effect = with_terms(effect, step, self._program)
        return effect.model_copy(update={"key": storable(effect.key)})

    def _settled(self, step: Use, path: str, entry: LedgerEntry, scope: Scope) -> None:
        """Turn what became of an effect into what becomes of the step."""
        effect, key = entry.effect, entry.effect.key
        match entry.state:
            case EffectState.DONE:
                receipt = entry.receipt
                told = {**receipt.data, "remote_id": receipt.remote_id, "url": receipt.url} if receipt else {}
                self._did(effect.summary, key, scope)
                self._record(path, step, StepState.DONE, without_seals(told), scope, because=effect.summary, effect=key)
            case EffectState.PLANNED if not self._run.live:
                self._did(effect.summary, key, scope)
                later, because = Later(step.id or path), entry.reason or effect.summary
                self._record(path, step, StepState.PLANNED, later, scope, because=because, effect=key)
            case EffectState.REJECTED:
                raise self._again(path, step, "rejected", f"{effect.summary}: {entry.reason}", scope, entry=entry)
            case EffectState.VETOED:
                self._record(path, step, StepState.SKIPPED, None, scope, because=entry.reason, effect=key)
                if entry.skipped:
                    return
                raise Ended(RunState.STOPPED, f"{path} was vetoed: {entry.reason}")
            case EffectState.PARKED:
                raise self._held(path, step, entry.reason, scope, None, entry)
            case EffectState.HELD if entry.not_before and entry.attempts > self._begun(path).get("attempts", 0):
                raise self._again(path, step, "unavailable", entry.reason, scope, entry.not_before, entry)
            case EffectState.HELD:
                if late := self._late(path, step):
                    raise self._given_up(path, step, f"{late}: {entry.reason}", scope, entry)
                raise self._held(path, step, entry.reason, scope, entry.not_before, entry)
            case _:  # somebody is at it, or the network is to be asked
                raise self._held(path, step, entry.reason, scope, self._kit.clock.now(), entry)

    def _again(
        self,
        path: str,
        step: Use,
        trouble: Trouble,
        because: str,
        scope: Scope,
        asked: datetime | None = None,
        entry: LedgerEntry | None = None,
    ) -> Exception:
        """What becomes of a step that was surely not done: it is tried again later, or it fails.

        Without a `retry`, whoever is not there is waited for with patience, and everything else fails at once.
        """
        retry = step.retry
        due = asked or (None if trouble == "unavailable" else self._kit.clock.now())
        tries = entry.attempts if entry else 1 + self._begun(path).get("tries", 0)
        if retry is None or trouble not in retry.on:
            again = trouble == "unavailable" and retry is None
        else:
            again = tries <= retry.times
        if late := self._late(path, step):
            return self._given_up(path, step, f"{late}: {because}", scope, entry)
        if not again:
            because = because if tries == 1 or retry is None else f"{because} (tried {tries} times)"
            return self._given_up(path, step, because, scope, entry)
        if entry is not None and entry.state is EffectState.REJECTED:
            entry = self._kit.store.ledger.release(entry.effect.key, because="it is tried again", seen=entry)
        return self._held(path, step, because, scope, due, entry)

    def _given_up(
        self, path: str, step: Use, because: str, scope: Scope, entry: LedgerEntry | None = None
    ) -> Exception:
        """The failure of a step that is not tried again: what it wanted to do must not go out later by itself."""
        if entry is None or entry.state not in (EffectState.PLANNED, EffectState.HELD):
            return self._failed(path, step, because, scope, effect=entry.effect.key if entry else "")
        with suppress(Overtaken):
            self._kit.store.ledger.veto(entry.effect.key, [because], seen=entry)
        return self._failed(path, step, because, scope)

    def _late(self, path: str, step: Use) -> str:
        """That the step's own time is over, as a sentence; empty when it is not."""
        begun = self._begun(path).get("begun")
        if step.timeout is None or begun is None:
            return ""
        over = self._kit.clock.now() >= datetime.fromisoformat(begun) + step.timeout
        return f"not done within {format_duration(step.timeout)}" if over else ""
