"""Keys: where the key comes from under which credentials are sealed.

The environment goes first: `ANTIPHON_KEY` is the key, `ANTIPHON_KEY_FILE` names a file that holds it. Without them it
is the workspace's file `.antiphon/key`, made when the first credential is stored, or, with `[secrets] key = "keyring"`,
the keyring of the operating system. Several keys are separated by white space: the first seals, all unseal.
"""

from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Protocol

from antiphon.errors import SetupError

VARIABLE = "ANTIPHON_KEY"
FILE_VARIABLE = "ANTIPHON_KEY_FILE"
SERVICE = "antiphon"
"""The name of ours in the system's keyring; the user name there is the workspace's folder."""


class Keys(Protocol):
    """The keys of a workspace. `where` says where they are, `ours` whether we may make and change them."""

    where: str
    ours: bool

    def held(self) -> str:
        """All keys, separated by white space, the newest first; empty when there is none. Raises SetupError."""

    def hold(self, keys: Sequence[str]) -> None:
        """Keep these instead. Raises SetupError."""

    def begin(self, key: str) -> None:
        """Keep a first key; of several who do so at once, the first one's stands. Raises SetupError."""


def keys_of(folder: Path, kept_in: Literal["file", "keyring"], environment: Mapping[str, str] = os.environ) -> Keys:
    """The keys of the workspace in a folder."""
    if given := environment.get(VARIABLE, ""):
        return GivenKeys(given)
    if named := environment.get(FILE_VARIABLE, ""):
        return KeyFile(folder / named, ours=False)
    if kept_in == "keyring":
        return SystemKeyring(folder)
    return KeyFile(folder / ".antiphon" / "key", ours=True)


class GivenKeys:
    """Keys out of the environment."""

    where = f"the environment variable {VARIABLE}"
    ours = False

    def __init__(self, text: str) -> None:
        self._text = text

    def held(self) -> str:  # noqa: D102
        return self._text

    def hold(self, keys: Sequence[str]) -> None:  # noqa: D102
        raise SetupError(f"{self.where} can only be changed by you.")

    def begin(self, key: str) -> None:  # noqa: D102
        self.hold([key])


class KeyFile:
    """Keys in a file that nobody else may read."""

    def __init__(self, path: Path, *, ours: bool) -> None:
        self.where = str(path)
        self.ours = ours
        self._path = path

    def held(self) -> str:  # noqa: D102
        try:
            with self._path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                text = file.read().decode("ascii", "replace")
        except FileNotFoundError:
            if self.ours:
                return ""
            raise SetupError(f"There is no key file {self._path}.", hint=f"Correct {FILE_VARIABLE}.") from None
        except OSError as error:
            raise SetupError(f"The key file {self._path} cannot be read: {error.strerror}.") from error
        if mode & 0o077:
            raise SetupError(
                f"{self._path} holds the key to all secrets and can be read by others (mode {mode:04o}).",
                hint=f"Run: chmod 600 {self._path}",
            )
        return text

    def hold(self, keys: Sequence[str]) -> None:  # noqa: D102
        self._write(keys, Path.replace)

    def begin(self, key: str) -> None:  # noqa: D102
        with suppress(FileExistsError):
            self._write([key], lambda beside, path: path.hardlink_to(beside))

    def _write(self, keys: Sequence[str], put: Callable[[Path, Path], object]) -> None:
        """Write a file beside, whole and on the disk, and `put` it into its place."""
        beside = self._path.with_name(f"{self._path.name}.{uuid.uuid4().hex}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.writelines(f"{key}\n" for key in keys)
                file.flush()
                os.fsync(file.fileno())  # what is sealed before the key is on the disk may never be opened again
            put(beside, self._path)
        except FileExistsError:
            raise
        except OSError as error:
            raise SetupError(f"The key file {self._path} cannot be written: {error.strerror}.") from error
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


class SystemKeyring:
    """Keys in the keyring of the operating system, by the optional library `keyring`."""

    ours = True

    def __init__(self, folder: Path) -> None:
        self.where = f"the system's keyring, as {SERVICE} {folder}"
        self._user = str(folder)

    def held(self) -> str:  # noqa: D102
        keyring, KeyringError = _keyring()  # noqa: N806  it is a class
        try:
            return str(keyring.get_password(SERVICE, self._user) or "")
        except KeyringError as error:
            raise self._shut(error) from error

    def hold(self, keys: Sequence[str]) -> None:  # noqa: D102
        keyring, KeyringError = _keyring()  # noqa: N806
        try:
            keyring.set_password(SERVICE, self._user, " ".join(keys))
        except KeyringError as error:
            raise self._shut(error) from error

    def begin(self, key: str) -> None:  # noqa: D102
        if not self.held():
            self.hold([key])

    def _shut(self, error: Exception) -> SetupError:
        hint = f'Unlock it, or set {VARIABLE}, or take `key = "keyring"` out of [secrets] in antiphon.toml.'
        return SetupError(f"The system's keyring cannot be used: {type(error).__name__}.", hint=hint)


def _keyring() -> tuple[Any, type[Exception]]:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError as error:
        raise SetupError(
            "The library for the system's keyring is missing.", hint="pip install 'antiphon[keyring]'"
        ) from error
    return keyring, KeyringError
