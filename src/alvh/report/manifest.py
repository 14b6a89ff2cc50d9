"""The manifest: what identifies a run, and the digest of every file written.

The same code version, policy, data and seed give the same bytes, so nothing else may vary: no clock, no path, no
machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from alvh.report.study import Study

KIND = "alvh run"
NAME = "manifest.json"


def identity(made: Study) -> dict[str, Any]:
    """Return what identifies the run, without the files."""
    run = made.main
    return {
        "kind": KIND,
        "code_version": run.code_version,
        "policy_digest": run.policy_digest,
        "data_digest": run.data_digest,
        "seed": run.seed,
        "journal_digest": made.ledgers[0],
        "strategy": run.strategy,
        "market": run.market,
        "option_quotes": str(run.origin),
        "initial_equity": run.initial_equity,
        "first_session": made.history.curve.day(0),
        "last_session": made.history.curve.day(-1),
        "sessions": made.history.dates.size,
        "rivals": {
            rival.strategy: {"policy_digest": rival.policy_digest, "journal_digest": ledger}
            for rival, ledger in zip(made.runs[1:], made.ledgers[1:], strict=True)
        },
    }


def manifest_bytes(made: Study, digests: Mapping[str, str]) -> bytes:
    """Write the manifest with the SHA-256 of every other file, by its name in the folder."""
    document = identity(made) | {"policy": made.extras.policy, "files": dict(sorted(digests.items()))}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
