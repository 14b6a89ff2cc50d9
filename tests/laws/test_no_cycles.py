"""A run makes no reference cycles, which is why the collector may rest while it is under way."""

from __future__ import annotations

import gc
from datetime import date

from alvh.adapters.history import builtin
from alvh.engine.account import entrants
from alvh.engine.loop import run
from alvh.method.alvh import Alvh
from fakes.runs import policy, terms


def test_what_a_run_drops_is_freed_at_once() -> None:
    market, chosen = builtin(), policy()
    field = entrants([Alvh(chosen)], terms(chosen))
    # Everything that is loaded or remembered once is loaded and remembered here.
    run(field, market, start=date(2014, 4, 1), end=date(2014, 5, 30))
    gc.collect()
    # Markets of earlier tests may leave a cache while this one runs; only what it makes itself is looked at.
    gc.freeze()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        run(field, market, start=date(2014, 6, 2), end=date(2014, 7, 31))
        gc.collect()
        left = {type(item).__qualname__ for item in gc.garbage if type(item).__module__.startswith("alvh")}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.unfreeze()
    assert left == set()
