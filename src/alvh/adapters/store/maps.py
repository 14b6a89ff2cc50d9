"""Which files are mapped: a bounded number of bytes in a process, shared by every store that is open in it.

A file is named by its content and never rewritten, so a map that stands serves whoever opens the same store again.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from alvh.adapters.store.blocks import BlockFile

__all__ = ["forget", "mapped"]

_BYTES = 256 << 20
"""Maps kept at once, so that memory in use does not grow with the years that are walked through."""


class _Maps:
    def __init__(self) -> None:
        self._files: OrderedDict[str, BlockFile] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def open(self, path: str) -> BlockFile:
        with self._lock:
            file = self._files.get(path)
            if file is None:
                file = self._files[path] = BlockFile(path)
                self._bytes += file.size
                self._let_go()
            return file

    def clear(self) -> None:
        with self._lock:
            self._files.clear()
            self._bytes = 0

    def _let_go(self) -> None:
        while self._bytes > _BYTES and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._bytes -= oldest.size


_MAPS = _Maps()


def mapped(path: str) -> BlockFile:
    """Map a file, or return its map where it stands already.

    Raises
    ------
    OSError
        The file cannot be opened.
    """
    return _MAPS.open(path)


def forget() -> None:
    """Let go of every map that no array uses."""
    _MAPS.clear()
