"""ALVH: SPX iron condors insured with layers of VIX instruments, as inspectable rules.

Research software, not investment advice.

`backtest` runs the method; `open_market` and `load_policy` make its two inputs; the result is a `Backtest`. The
names are loaded when they are first used, so importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alvh.core.version import VERSION as __version__

if TYPE_CHECKING:
    from alvh.apps.assembly import open_market
    from alvh.apps.backtest import Backtest, backtest
    from alvh.apps.policies import load_policy
    from alvh.method.alvh import Alvh

__all__ = ["Alvh", "Backtest", "__version__", "backtest", "load_policy", "open_market"]

_HOMES = {
    "Alvh": "alvh.method.alvh",
    "Backtest": "alvh.apps.backtest",
    "backtest": "alvh.apps.backtest",
    "load_policy": "alvh.apps.policies",
    "open_market": "alvh.apps.assembly",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its room."""
    if name not in _HOMES:
        raise AttributeError(f"module 'alvh' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
