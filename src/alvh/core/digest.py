"""Digests: the same content has the same name on every machine."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(order="deterministic", decimal_format="string")


def canonical_bytes(value: Any) -> bytes:
    """Encode a value as JSON with sorted keys and no spaces."""
    return _ENCODER.encode(value)


def digest(*parts: bytes) -> str:
    """Name bytes by their SHA-256, as lower-case hexadecimal; parts are length-prefixed."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def digest_of(value: Any) -> str:
    """Name a JSON-encodable value by the SHA-256 of its canonical bytes."""
    return digest(canonical_bytes(value))
