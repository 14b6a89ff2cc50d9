"""Which policy a command means: a preset, a file, or the default, with changes applied."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alvh.core.errors import PolicyError
from alvh.method.parameters import AlvhParameters
from alvh.policy.compose import Policy, compose, override
from alvh.policy.document import parse, preset, presets


def load_policy(source: str | Path | None = None, changes: Sequence[str] = ()) -> Policy[AlvhParameters]:
    """Load a policy: a preset's name, a TOML file, or the default; then apply ``key=value`` changes.

    Raises
    ------
    PolicyError
        The file cannot be read, or a key is unknown, missing or ill-typed.
    """
    if source is None:
        document = preset("alvh")
    elif str(source) in presets():
        document = preset(str(source))
    else:
        path = Path(source)
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError(
                f"the policy cannot be read: {_why(error)}", where=str(path), fix="Name a TOML file or a preset."
            ) from error
        document = parse(text, str(path))
    return compose(AlvhParameters, override(document, tuple(changes)))


def _why(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
