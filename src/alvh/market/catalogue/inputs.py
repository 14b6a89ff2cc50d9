"""Inputs of the evidence (rulebook sections 1 and 2) that are computed from other series or brought by a user.

A derived series is made on demand by `alvh.signals.inputs.with_derived`; its known-at is the latest of its inputs'.
A user's series has no file in any public source we may ship: it is imported as ``date,<NAME>`` or, with its own
release times, ``date,known_at,<NAME>``; until then it is absent and what depends on it abstains.
"""

from __future__ import annotations

from functools import partial

from alvh.market.catalogue.entry import (
    CLOSE,
    DAILY,
    EVENING,
    MONTHLY,
    QUARTERLY,
    SeriesEntry,
    after_month,
    after_quarter,
    row,
)

_derived = partial(row, publisher="derived")
_user = partial(row, publisher="user")

_CURVE = ("VX.CURVE", "VX.CURVE.expiry")
_SECTORS = "XL?.adjclose"

VX_INPUT_ROWS: tuple[SeriesEntry, ...] = (
    _derived("VX.CURVE", "Monthly VX settlements, one row per session and contract", "vol points", DAILY, CLOSE),
    _derived("VX.CURVE.expiry", "Final settlement day of each row of VX.CURVE", "yyyymmdd", DAILY, CLOSE),
    _derived("VX[1-9]", "Settlement of the i-th monthly VX future", "vol points", DAILY, CLOSE, derived_from=_CURVE),
    _derived("VX[369]0", "VX at a constant maturity, days", "vol points", DAILY, CLOSE, derived_from=_CURVE),
    _derived("VX1[28]0", "VX at a constant maturity, days", "vol points", DAILY, CLOSE, derived_from=_CURVE),
    _derived(
        "VX1.CONTINUOUS",
        "First monthly VX future, ratio-adjusted at a roll five sessions before expiry",
        "vol points of the first day's scale",
        DAILY,
        CLOSE,
        derived_from=_CURVE,
    ),
)
VIX_OPTION_ROWS: tuple[SeriesEntry, ...] = (
    _user("VIX.STRADDLE*", "At-the-money VIX straddle over its forward, at a maturity in days", "ratio", DAILY, CLOSE),
)
BREADTH_INPUT_ROWS: tuple[SeriesEntry, ...] = (
    _derived("MEMBERS.ADVANCES", "Index members that closed higher", "issues", DAILY, CLOSE, signed=True),
    _derived("MEMBERS.DECLINES", "Index members that closed lower", "issues", DAILY, CLOSE, signed=True),
    _derived("MEMBERS.ISSUES", "Index members with a price on the day and the day before", "issues", DAILY, CLOSE),
    _derived("MEMBERS.VOL", "Equal-weighted 21-session realised volatility of members", "vol points", DAILY, CLOSE),
    _derived(
        "AD.NET",
        "Advances minus declines over advances plus declines",
        "ratio",
        DAILY,
        EVENING,
        signed=True,
        derived_from=("NYSE.ADVANCES", "NYSE.DECLINES", "MEMBERS.ADVANCES", "MEMBERS.DECLINES"),
    ),
    _derived(
        "AD.LINE",
        "Advance-decline line: running sum of advances minus declines",
        "issues",
        DAILY,
        EVENING,
        signed=True,
        derived_from=("NYSE.ADVANCES", "NYSE.DECLINES", "MEMBERS.ADVANCES", "MEMBERS.DECLINES"),
    ),
    _derived(
        "SECTOR.VOL",
        "Cap-weighted 21-session realised volatility of the sector funds, weights inferred from returns",
        "vol points",
        DAILY,
        CLOSE,
        derived_from=(_SECTORS, "SPX"),
    ),
    _user("CAP.*", "Market capitalisation of a sector or share", "billion USD", DAILY, CLOSE),
)
EQUITY_INPUT_ROWS: tuple[SeriesEntry, ...] = (
    _derived("SPX.TR", "S&P 500 with dividends: SPY adjusted, else SPXT", "any", DAILY, CLOSE),
    _derived("REIT.TR", "REITs with dividends: IYR adjusted, else VNQ", "any", DAILY, CLOSE),
    _derived("REIT.RELATIVE", "REIT.TR over SPX.TR", "ratio", DAILY, CLOSE, derived_from=("REIT.TR", "SPX.TR")),
    _derived(
        "ROTATION",
        "Growth over value: CAP.GROWTH / CAP.VALUE, else IWF over IWD with dividends",
        "ratio",
        DAILY,
        CLOSE,
        derived_from=("CAP.GROWTH", "CAP.VALUE", "IWF.adjclose", "IWD.adjclose"),
    ),
    _derived(
        "SPX.TRAILING_PE",
        "SPX over the last known twelve-month earnings (Shiller)",
        "ratio",
        DAILY,
        CLOSE,
        derived_from=("SPX", "SHILLER.EARNINGS"),
    ),
    _derived(
        "DIVIDEND.GROWTH",
        "Twelve-month S&P 500 dividends, year on year",
        "ratio",
        MONTHLY,
        after_quarter(90),
        signed=True,
        max_age=140.0,
        derived_from=("SHILLER.DIVIDEND",),
    ),
    _derived("PE.DISPERSION", "Standard deviation of ln P/E over the groups of PE.*", "log points", DAILY, EVENING),
    _user("PE.*", "Price over earnings of a sector or share", "ratio", DAILY, EVENING, max_age=63.0),
    _user("SPX.PCF", "Price over cash flow of the S&P 500", "ratio", DAILY, EVENING, max_age=63.0),
    _user("PCF.*", "Price over cash flow of a sector or share", "ratio", DAILY, EVENING, max_age=63.0),
    _user("QUICK.*", "Quick ratio of SPX, a sector or REIT", "ratio", QUARTERLY, after_quarter(90)),
    _user("IPO.COUNT", "Initial public offerings in a month", "offerings", MONTHLY, after_month(15), signed=True),
    _user("FLOW.*", "Net creations of a fund", "million USD", DAILY, EVENING, signed=True),
    _user("ONCHAIN.*", "A series from a public ledger", "any", DAILY, EVENING, signed=True),
    _user("DEBT_RATIO", "Debt over debt plus equity of the index (D/V)", "ratio", QUARTERLY, after_quarter(90)),
)
RATE_INPUT_ROWS: tuple[SeriesEntry, ...] = (
    _derived("RATE3M.*", "3-month interbank rate of an economy: US EA JP GB CH AU", "% p.a.", MONTHLY, after_month(45)),
    _user("YIELD2Y.*", "2-year government yield of an economy: EA JP GB CH AU", "% p.a.", DAILY, EVENING, signed=True),
    _derived("REER.US", "Real effective exchange rate of the dollar, monthly (BIS)", "index", MONTHLY, after_month(31)),
)
