"""Where secrets come from on one machine: the environment, or a file that nobody else can read."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from antiphon.errors import SetupError

FILE_VARIABLE = "ANTIPHON_SECRETS_FILE"
"""The environment variable that names another file than the usual one."""

USUAL_FILE = Path(".antiphon", "secrets.toml")
"""The file in the workspace folder, the working directory of every command: `name = "value"` lines."""


def secret(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The value of a secret, or None: from `ANTIPHON_SECRET_<NAME>` (a dash is an underscore there), else the file.

    An empty value counts as none, since an empty password opens everything.

    Raises:
        SetupError: the file can be read by others, or cannot be read by us. The message shows no value.
    """
    if given := environment.get("ANTIPHON_SECRET_" + name.upper().replace("-", "_")):
        return given
    named = environment.get(FILE_VARIABLE, "")
    path = Path(named) if named else USUAL_FILE
    if not named and not path.exists():
        return None
    value = _read(path).get(name)
    if value is not None and not isinstance(value, str):
        raise SetupError(f"The secret {name!r} in {path} is not a text.", hint="Put its value into quotes.")
    return value or None


def _read(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise SetupError(
                    f"{path} holds secrets and can be read by others (mode {mode:04o}).", hint=f"Run: chmod 600 {path}"
                )
            return tomllib.load(file)
    except OSError as error:
        raise SetupError(f"The secrets file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SetupError(f"The secrets file {path} is not TOML: {error}.", hint='Lines are: name = "value"') from error
