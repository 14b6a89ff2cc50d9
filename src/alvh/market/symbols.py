"""Option symbols in and out: OCC 21 characters, compact, and dxFeed.

::

    OCC      SPXW  190621C02900000   root padded to 6, yymmdd, C or P, strike x 1000 in 8 digits
    compact  SPXW190621C02900000     the same without the padding
    dxFeed   .SPXW190621C2900        a dot, and the strike as a plain decimal

The root is kept as written: SPX and SPXW of one day are different contracts. Years are 2000 to 2099, for the OCC
symbology began in 2010. A root need not be in the catalogue; that is asked when a product is needed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final, NoReturn

from alvh.core.errors import UsageError
from alvh.market.contracts import Option, Right

__all__ = ["compact", "dxfeed", "occ", "parse_symbol"]

_ROOT = r"(?P<root>[A-Z0-9]{1,6}?)"
_TAIL = r"(?P<day>\d{6})(?P<right>[A-Z])"
_COMPACT: Final = re.compile(rf"{_ROOT}(?P<pad> *){_TAIL}(?P<mills>\d{{8}})", re.ASCII)
_DXFEED: Final = re.compile(rf"\.{_ROOT}{_TAIL}(?P<strike>\d{{1,5}}(?:\.\d{{1,3}})?)", re.ASCII)
_OCC_LENGTH: Final = 21
_ROOT_LENGTH: Final = 6
_MILLS: Final = 1000
_MOST_MILLS: Final = 99_999_999
_YEARS: Final = range(2000, 2100)
_FORMS: Final = "Known forms: 'SPXW  190621C02900000', 'SPXW190621C02900000', '.SPXW190621C2900'."


@lru_cache(maxsize=1 << 12)
def parse_symbol(text: str) -> Option:
    """Read an option symbol in any of the three forms.

    Raises
    ------
    UsageError
        When the text has none of the three forms, or names no date, neither call nor put, or a strike of zero.
    """
    match = _DXFEED.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        _refuse_form(text)
    found = match.groupdict()
    root, day, right = found["root"], found["day"], found["right"]
    pad = found.get("pad") or ""
    if pad and len(text) != _OCC_LENGTH:
        raise UsageError(
            f"{text!r} is {len(text)} characters long, a padded OCC symbol has {_OCC_LENGTH}.",
            fix=f"Pad the root {root!r} with spaces to {_ROOT_LENGTH}.",
        )
    if right not in {"C", "P"}:
        raise UsageError(f"{text!r} says {right!r} where C or P is needed.", fix=_FORMS)
    mills = int(found["mills"]) if "mills" in found else _mills_of(found["strike"])
    if mills == 0:
        raise UsageError(f"{text!r} has a strike of zero.", fix="Strikes are positive.")
    return Option(root=root, expiry=_date(day, text), strike=mills / _MILLS, right=Right(right))


@lru_cache(maxsize=1 << 12)
def occ(option: Option) -> str:
    """Write an option as its OCC symbol of 21 characters.

    Raises
    ------
    UsageError
        When the root, the year or the strike cannot be written in it.
    """
    return f"{_root(option):<6}{_tail(option)}"


@lru_cache(maxsize=1 << 12)
def compact(option: Option) -> str:
    """Write an option as its OCC symbol without padding; errors as `occ`."""
    return f"{_root(option)}{_tail(option)}"


@lru_cache(maxsize=1 << 12)
def dxfeed(option: Option) -> str:
    """Write an option as its dxFeed symbol; errors as `occ`."""
    whole, mills = divmod(_mills(option), _MILLS)
    strike = f"{whole}.{mills:03d}".rstrip("0") if mills else str(whole)
    return f".{_root(option)}{_day(option)}{option.right.value}{strike}"


def _tail(option: Option) -> str:
    return f"{_day(option)}{option.right.value}{_mills(option):08d}"


def _root(option: Option) -> str:
    if not re.fullmatch(r"[A-Z0-9]{1,6}", option.root, re.ASCII):
        raise UsageError(
            f"Root {option.root!r} cannot be written in a symbol; 1 to {_ROOT_LENGTH} capitals or digits are needed."
        )
    return option.root


def _day(option: Option) -> str:
    if option.expiry.year not in _YEARS:
        raise UsageError(
            f"Expiry {option.expiry} of {option.root} cannot be written with a two-digit year of 2000-2099."
        )
    day = option.expiry
    return f"{day.year % 100:02d}{day.month:02d}{day.day:02d}"


def _mills(option: Option) -> int:
    scaled = option.strike * _MILLS
    mills = round(scaled) if abs(scaled) <= _MOST_MILLS else 0
    # One part in 1e12 allows for the last bit of strikes such as 0.1 and nothing more.
    if not 0 < mills <= _MOST_MILLS or abs(scaled - mills) > 1e-12 * mills:
        raise UsageError(
            f"Strike {option.strike!r} of {option.root} cannot be written in a symbol.",
            fix="Strikes are multiples of 0.001 from 0.001 to 99999.999.",
        )
    return mills


def _mills_of(strike: str) -> int:
    whole, _, part = strike.partition(".")
    return int(whole) * _MILLS + int(part.ljust(3, "0") if part else "0")


def _date(day: str, text: str) -> date:
    try:
        return date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        raise UsageError(f"{text!r} names the day {day}, which is no date (yymmdd).", fix=_FORMS) from None


def _refuse_form(text: str) -> NoReturn:
    detail = f"{text!r} ({len(text)} characters) is no option symbol."
    if text != text.upper():
        raise UsageError(detail, fix="Symbols are written in capitals.")
    raise UsageError(detail, fix=_FORMS)
