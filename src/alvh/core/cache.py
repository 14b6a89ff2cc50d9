"""What is costly to make and always the same is kept between processes: compiled kernels and the trading calendar.

A cache may be absent, unwritable or broken; then the thing is made again and nothing is said.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["cache_folder", "kept_arrays"]

Arrays = Mapping[str, NDArray[Any]]


def cache_folder(name: str) -> Path | None:
    """Return a writable folder of ours, made if need be; None where the machine has none.

    `NUMBA_CACHE_DIR` and `XDG_CACHE_HOME` come before the home folder's `.cache`.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    try:
        base = Path(chosen) if chosen else Path.home() / ".cache"
        folder = base / "alvh" / name
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK) else None


def kept_arrays(name: str, make: Callable[[], Arrays]) -> Arrays:
    """Return arrays made once under a name that says everything they depend on."""
    folder = cache_folder("arrays")
    if folder is None:
        return make()
    path = folder / f"{name}.npz"
    try:
        # Opened here, so that a broken archive does not leave the file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return {key: kept[key] for key in kept.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        made = make()
        _keep(path, made)
        return made


def _keep(path: Path, made: Arrays) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            np.savez(file, allow_pickle=False, **made)
        Path(file.name).replace(path)
    except OSError:
        # A cache that cannot be written costs time, never a result.
        return
