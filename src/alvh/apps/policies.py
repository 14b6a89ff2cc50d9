"""Which policy a command means: a preset, a file, or the default, with changes and amendments applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alvh.core.errors import PolicyError
from alvh.method.parameters import AlvhParameters
from alvh.policy.amendments import PolicyHistory, history, split
from alvh.policy.compose import Policy, override
from alvh.policy.document import parse, preset, presets

DEFAULT = "alvh"


def load_policy(source: str | Path | None = None, changes: Sequence[str] = ()) -> Policy[AlvhParameters]:
    """Load a policy: a preset's name, a TOML file, or the default; then apply ``key=value`` changes.

    Of a file with amendments this is the policy before them; `load_history` gives them all.

    Raises
    ------
    PolicyError
        The file cannot be read, or a key is unknown, missing or ill-typed.
    """
    return load_history(source, changes).policies[0]


def load_history(source: str | Path | None = None, changes: Sequence[str] = ()) -> PolicyHistory[AlvhParameters]:
    """Load a policy with its amendments, in the order in which they take effect.

    Raises
    ------
    PolicyError
        As `load_policy`; or an amendment that does not fit what it amends, which a change may cause.
    """
    numbers, amendments = split(_document(source), str(source or DEFAULT))
    return history(AlvhParameters, override(numbers, tuple(changes)), amendments)


def _document(source: str | Path | None) -> dict[str, Any]:
    if source is None:
        return preset(DEFAULT)
    if str(source) in presets():
        return preset(str(source))
    return parse(read_file(Path(source)), str(source))


def read_file(path: Path) -> str:
    """Read the text of a policy file.

    Raises
    ------
    PolicyError
        It cannot be read.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"the policy cannot be read: {_why(error)}", where=str(path), fix="Name a TOML file or a preset."
        ) from error


def _why(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
