"""Laws of the chain store: what it holds follows from the quotes, not from how they came."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.importing import import_paths
from alvh.market.chain import QuoteStatus
from fakes.chains import Row, optopsy_text

PRICE = st.integers(0, 4000).map(lambda cents: f"{cents / 20:g}")
CONTRACT = st.tuples(
    st.sampled_from(("2024-03-14", "2024-03-15", "2024-04-01")),
    st.sampled_from(("2024-04-19", "2024-04-26", "2024-05-17")),
    st.integers(4, 12).map(lambda step: f"{step * 500}"),
    st.sampled_from("cp"),
)
MARKET = st.dictionaries(CONTRACT, st.tuples(PRICE, PRICE), min_size=1, max_size=40)


def stored(folder: Path, rows: list[Row]) -> ChainStore:
    path = folder / "spx.csv"
    path.write_text(optopsy_text(rows))
    import_paths([path], folder / "store")
    return ChainStore.open(folder / "store")


@settings(max_examples=15, deadline=None)
@given(market=MARKET, seed=st.randoms(use_true_random=False))
def test_rows_of_a_session_may_stand_in_any_order(market: dict[tuple[str, ...], tuple[str, str]], seed) -> None:
    rows = [
        Row(day=day, expiry=expiry, strike=strike, right=right, bid=bid, ask=ask)
        for (day, expiry, strike, right), (bid, ask) in sorted(market.items())
    ]
    shuffled = sorted(seed.sample(rows, len(rows)), key=lambda row: row.day)
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        assert stored(Path(one), rows).digest == stored(Path(two), shuffled).digest


@settings(max_examples=15, deadline=None)
@given(market=MARKET)
def test_every_quote_of_a_kept_day_comes_back_with_its_status(market: dict[tuple[str, ...], tuple[str, str]]) -> None:
    rows = [
        Row(day=day, expiry=expiry, strike=strike, right=right, bid=bid, ask=ask)
        for (day, expiry, strike, right), (bid, ask) in sorted(market.items())
    ]
    with TemporaryDirectory() as folder:
        store = stored(Path(folder), rows)
        for root in store.roots():
            for session in store.sessions(root):
                chain = store.chain(root, session)
                expiry = np.repeat(np.array(chain.expiries, "datetime64[D]"), np.diff(chain.offsets))
                for place in range(chain.strike.size):
                    key = (
                        session.isoformat(),
                        expiry[place].astype(date).isoformat(),
                        f"{chain.strike[place]:g}",
                        "p" if chain.is_put[place] else "c",
                    )
                    bid, ask = (float(price) for price in market.pop(key))
                    assert (chain.bid[place], chain.ask[place]) == (bid, ask)
                    assert (chain.status[place] == QuoteStatus.ABSENT) == (ask == 0)
                    assert (chain.status[place] == QuoteStatus.CROSSED) == (bid > ask > 0)
        # What did not come back belongs to a day that was refused, and the store says so.
        said = {finding.session.isoformat() for finding in store.findings() if finding.session}
        assert {day for day, *_ in market} <= said
