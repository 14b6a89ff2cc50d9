"""Writing without ever showing half a file: a temporary name, then the final one, in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alvh.core.errors import DataError, UsageError

LOCK = ".lock"


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a small file so that a reader sees the old content or the new, never a part."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(content)
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the store for writing; made if absent.

    Raises
    ------
    DataError
        The folder cannot be written.
    UsageError
        Another process is writing to it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise DataError(
            f"the store cannot be written ({error.strerror}).", where=str(folder), fix="Choose another folder."
        ) from error
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    """Take the lock, which the system drops when the process ends, however it ends."""
    try:
        import fcntl  # noqa: PLC0415 - absent on Windows, where the store has no lock
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise UsageError(
            "another import is writing to this store.", where=str(folder), fix="Wait until it has ended."
        ) from error
