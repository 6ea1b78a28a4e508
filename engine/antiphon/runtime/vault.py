"""The vault: credentials of connections and secrets that are kept in the store, sealed.

What is sealed names what it belongs to, and the open options beside it. So whoever can write to the database, but has
no key, can neither move one connection's token to another nor send it to another server.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from antiphon.components.clock import Clock
from antiphon.components.ports import Credential, CredentialKind, Credentials
from antiphon.errors import InputError, SetupError
from antiphon.model.token import Token
from antiphon.runtime.keys import FILE_VARIABLE, VARIABLE, Keys

_VALUE = "value"
"""Under which name the value of a secret is sealed."""

_PEOPLE = "people"
"""Whose digests the one key is for."""

_ACCOUNT = "account"
"""What a token is bound to."""


class Vault:
    """Stored connections and secrets. `credentials` opens the store, or gives None where there is none to look into."""

    def __init__(self, credentials: Callable[[bool], Credentials | None], keys: Keys, clock: Clock) -> None:
        self._credentials = credentials
        self._keys = keys
        self._clock = clock

    # -- what is there ------------------------------------------------------------------------------------------------

    def connections(self) -> Mapping[str, Credential]:
        """The stored connections by name, sealed; no key is needed."""
        return {one.name: one for one in self._all() if one.kind == "connection"}

    def secrets(self) -> Sequence[Credential]:
        """The stored secrets, sealed."""
        return [one for one in self._all() if one.kind == "secret"]

    def connection(self, name: str) -> Credential | None:
        """One stored connection, sealed."""
        return self._one("connection", name)

    def options(self, connection: Credential) -> dict[str, Any]:
        """The options of a connection, with the secret ones. Raises SetupError."""
        return {**connection.options, **self._unsealed(connection)}

    def secret(self, name: str) -> str | None:
        """The value of a stored secret, or None. Raises SetupError."""
        found = self._one("secret", name)
        return None if found is None else str(self._unsealed(found)[_VALUE])

    def token(self, connection: str, account: str) -> Token | None:
        """The token of a connection that runs out, or None; also when it is for another account. Raises SetupError."""
        found = self._one("token", connection)
        if found is None or found.options != {_ACCOUNT: account}:
            return None
        return Token.model_validate(self._unsealed(found))

    def keep_token(self, connection: str, account: str, token: Token) -> None:
        """Store the token of a connection, in the place of the last one. `account` is a fingerprint of whose it is and
        of where it may be sent."""
        self._keep("token", connection, "", {_ACCOUNT: account}, token.model_dump(mode="json"), anew=True)

    def digest_key(self, make: bool) -> bytes:
        """The key under which names of those who were forgotten are known; empty when there is none, and none is to be
        made. It is never changed, since nobody knows the names any more: it is only sealed anew. Raises SetupError."""
        if make and self._one("digest", _PEOPLE) is None:
            with suppress(InputError):  # somebody else has made it meanwhile, and theirs stands
                self._keep("digest", _PEOPLE, "", {}, {_VALUE: secrets.token_hex(32)}, anew=False)
        found = self._one("digest", _PEOPLE)
        return b"" if found is None else bytes.fromhex(self._unsealed(found)[_VALUE])

    # -- what a person does -------------------------------------------------------------------------------------------

    def keep_connection(
        self, name: str, connector: str, options: Mapping[str, Any], hidden: Mapping[str, str], *, anew: bool = False
    ) -> None:
        """Store a connection; `hidden` are its secret options. Raises InputError when it is there, unless `anew`."""
        self._keep("connection", name, connector, options, hidden, anew=anew)

    def keep_secret(self, name: str, value: str) -> None:
        """Store a secret, in the place of one of the same name."""
        self._keep("secret", name, "", {}, {_VALUE: value}, anew=True)

    def remove(self, kind: CredentialKind, name: str) -> None:
        """Forget a stored connection or secret; no key is needed. Raises InputError when there is none."""

        def without(found: Sequence[Credential]) -> Sequence[Credential]:
            left = [one for one in found if (one.kind, one.name) != (kind, name)]
            if len(left) == len(found):
                names = ", ".join(one.name for one in found if one.kind == kind) or "none"
                raise InputError(f"There is no stored {kind} `{name}`.", hint=f"Those stored are: {names}.")
            return left

        self._opened().change(without)

    def rekey(self) -> int:
        """Seal everything under a new key; returns how many were sealed anew.

        A key of ours is made and the old one forgotten. Keys from the environment are the operator's: everything is
        sealed under the first of them. Whenever it is broken off, both keys are there, and it can be done again.

        Raises:
            SetupError: something cannot be unsealed, or there is no new key; nothing was changed.
        """
        sealed = 0

        def anew(found: Sequence[Credential]) -> Sequence[Credential]:
            nonlocal sealed
            hidden = [self._unsealed(one) for one in found]
            if self._keys.ours and self._held():
                from antiphon.runtime.sealing import new_key

                self._keys.hold([new_key(), *self._held()])
            first = self._names()[:1]
            if found and not self._keys.ours and all([one.key] == first for one in found):
                hint = "Put a new key before the old one, separated by a space; afterwards take the old one out."
                raise SetupError(f"Everything is sealed under the first key of {self._keys.where} already.", hint=hint)
            sealed = len(found)
            return [self._sealed(one, values) for one, values in zip(found, hidden, strict=True)]

        def forget(found: Sequence[Credential]) -> Sequence[Credential]:
            needed, held = {one.key for one in found}, self._held()
            if self._keys.ours and held:
                old = (key for key, name in zip(held, self._names(), strict=True) if name in needed)
                self._keys.hold(list(dict.fromkeys([held[0], *old])))
            return found

        self._opened().change(anew)
        self._opened().change(forget)
        return sealed

    # -- how ----------------------------------------------------------------------------------------------------------

    def _keep(
        self,
        kind: CredentialKind,
        name: str,
        connector: str,
        options: Mapping[str, Any],
        hidden: Mapping[str, Any],
        *,
        anew: bool,
    ) -> None:
        def within(found: Sequence[Credential]) -> Sequence[Credential]:
            others = [one for one in found if (one.kind, one.name) != (kind, name)]
            if len(others) < len(found) and not anew:
                raise InputError(f"The {kind} `{name}` is stored already.", hint="Add --replace to store it anew.")
            for one in others:
                self._known(one)  # or this would be sealed under one key, and the rest under another
            if not self._held() and self._keys.ours:
                from antiphon.runtime.sealing import new_key

                self._keys.begin(new_key())
            now = self._clock.now()
            bare = Credential(kind, name, connector, dict(options), sorted(hidden), "", "", now)
            return [*others, self._sealed(bare, hidden)]

        self._opened().change(within)

    def _sealed(self, one: Credential, hidden: Mapping[str, Any]) -> Credential:
        from antiphon.runtime.sealing import key_name, seal

        keys = self._held()
        sealed = seal([*_bound(one), dict(hidden)], keys, self._clock.now())
        return replace(one, sealed=sealed, key=key_name(keys[0]))

    def _unsealed(self, one: Credential) -> dict[str, Any]:
        from antiphon.runtime.sealing import unseal

        self._known(one)
        found = unseal(one.sealed, self._held())
        if not isinstance(found, list) or found[:-1] != _bound(one):
            raise SetupError(
                f"The stored {one.kind} `{one.name}` was changed in the database by something else than Antiphon.",
                hint="Find out by whom; then remove it and store it again.",
            )
        hidden: dict[str, Any] = found[-1]
        return hidden

    def _known(self, one: Credential) -> None:
        """Raise SetupError unless the key is here under which it is sealed."""
        if one.key not in (names := self._names()):
            here = f"{self._keys.where} holds {' and '.join(names) or 'none'}"
            raise SetupError(
                f"The stored {one.kind} `{one.name}` is sealed under the key {one.key}, and {here}.",
                hint=f"Restore that key, or name it by {VARIABLE} or {FILE_VARIABLE}; if it is lost, remove what is "
                "stored and store it again.",
            )

    def _names(self) -> list[str]:
        from antiphon.runtime.sealing import key_name

        return [key_name(key) for key in self._held()]

    def _held(self) -> list[str]:
        from antiphon.runtime.sealing import is_key

        keys = self._keys.held().split()
        if not all(is_key(key) for key in keys):
            raise SetupError(
                f"What {self._keys.where} holds is no key: a key is 32 random bytes in URL-safe base64.",
                hint="Make one with: openssl rand -base64 32 | tr '+/' '-_'",
            )
        return keys

    def _one(self, kind: CredentialKind, name: str) -> Credential | None:
        credentials = self._credentials(False)
        return credentials.get(kind, name) if credentials else None

    def _all(self) -> Sequence[Credential]:
        credentials = self._credentials(False)
        return credentials.list() if credentials else ()

    def _opened(self) -> Credentials:
        credentials = self._credentials(True)
        assert credentials is not None
        return credentials


def _bound(one: Credential) -> list[Any]:
    """What a seal is bound to."""
    return [one.kind, one.name, one.connector, dict(one.options), list(one.hidden)]
