from __future__ import annotations

from datetime import date

import pytest

from alvh.core.errors import UsageError
from alvh.ledger.symbols import describe, instrument_symbol, parse_instrument
from alvh.market.contracts import Future, Share
from fakes.packages import VIX_EXPIRY, future, option


@pytest.mark.parametrize(
    ("instrument", "symbol"),
    [
        (option(2700, "P"), "SPX   190621P02700000"),
        (option(22.5, "C", root="VIXW", expiry=VIX_EXPIRY), "VIXW  190619C00022500"),
        (Future(root="VX", expiry=date(2020, 3, 18)), "VX/2020-03-18"),
        (Share(root="VXX"), "VXX"),
    ],
)
def test_symbols_go_out_and_come_back(instrument, symbol):
    assert instrument_symbol(instrument) == symbol
    assert parse_instrument(symbol) == instrument


@pytest.mark.parametrize("symbol", ["", "VX/2020-13-01", "ZZ/2020-03-18", "NOPE", "VX/", "SPX190621P02700000"])
def test_other_text_is_refused(symbol):
    with pytest.raises(UsageError, match="no symbol of the ledger"):
        parse_instrument(symbol)


def test_words():
    assert describe(option(2700, "P")) == "SPX 2019-06-21 2700 put"
    assert describe(future()) == "VX 2019-06-19"
    assert describe(Share(root="VXX")) == "VXX"
