"""Instruments as the ledger writes them: OCC symbols for options, ``VX/2020-03-18`` for futures, roots for shares."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from alvh.book.identity import Remembered
from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Instrument, Option, Share
from alvh.market.products import PRODUCTS, SHARES
from alvh.market.symbols import occ, parse_symbol

__all__ = ["describe", "instrument_symbol", "parse_instrument"]

_OCC_LENGTH = 21


def _write_symbol(instrument: Instrument) -> str:
    if isinstance(instrument, Option):
        return occ(instrument)
    if isinstance(instrument, Future):
        return f"{instrument.root}/{instrument.expiry.isoformat()}"
    return instrument.root


instrument_symbol: Remembered[Instrument, str] = Remembered(_write_symbol, size=4096)
"""Write an instrument as a symbol; `parse_instrument` reads it back."""


@lru_cache(maxsize=4096)
def parse_instrument(symbol: str) -> Instrument:
    """Read a symbol of the ledger.

    Raises
    ------
    UsageError
        The text is no such symbol.
    """
    if len(symbol) == _OCC_LENGTH:
        return parse_symbol(symbol)
    root, slash, day = symbol.partition("/")
    if slash and root in PRODUCTS:
        try:
            return Future(root=root, expiry=date.fromisoformat(day))
        except ValueError:
            raise _unknown(symbol) from None
    if not slash and root in SHARES:
        return Share(root=root)
    raise _unknown(symbol)


def describe(instrument: Instrument) -> str:
    """Name an instrument in words, e.g. ``SPX 2019-06-21 2800 put``."""
    if isinstance(instrument, Option):
        return f"{instrument.root} {instrument.expiry} {instrument.strike:g} {'put' if instrument.is_put else 'call'}"
    if isinstance(instrument, Future):
        return f"{instrument.root} {instrument.expiry}"
    return instrument.root


def _unknown(symbol: str) -> UsageError:
    return UsageError(
        f"{symbol!r} is no symbol of the ledger.",
        fix="Write an OCC symbol of 21 characters, a future as VX/2020-03-18, or the ticker of a share.",
    )
