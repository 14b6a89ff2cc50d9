"""The catalogue of series: canonical name, meaning, unit, frequency, release rule, how long a value stays fresh.

One row describes one series or, with a trailing ``*``, a family. A new series is one more row.

Names: an index or a share is its symbol (``SPX``, ``VIX``, ``SPY``) and that means the close; ``.open``, ``.high``,
``.low``, ``.volume`` follow a dot; ``.adjclose`` is a close adjusted for splits and dividends. A FRED series keeps its
FRED id. ``VX/2018-02-14.settle`` is a field of one monthly VX future, ``VXW/...`` of a weekly one.

Release rules come from the publishers' schedules (BLS, BEA, Federal Reserve H.15, H.6, H.10 and H.4.1, Cboe). Where a
schedule moves from month to month the rule takes the latest day seen, so it errs late: the 138 CPI releases of
2015-2026 came 37 to 56 days after the start of their month, never later than 26 days after its end. Where a table of
true release dates is in the store (``calendar`` below), it replaces the rule.

Values of macro series marked ``revised`` are of the vintage in which the file was made: what was known then is
approximate, and only the vintage tables are exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache

from alvh.adapters.series_release import Anchor, Release


class Frequency(StrEnum):
    """How often a series has a value."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    IRREGULAR = "irregular"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEntry:
    """What the catalogue says about one series.

    Attributes
    ----------
    max_age : float, calendar days
        A value older than this at the moment of a decision, counted from `known_at`, is stale and not shown.
    positive : bool
        Negative values are refused, and a zero means that no value was published.
    revised : bool
        History is rewritten by its publisher.
    plausible : (float, float)
        Values outside are kept out with a finding.
    calendar : str or None
        Series of true release dates that replaces `release` where it is in the store.
    """

    name: str
    meaning: str
    unit: str
    frequency: Frequency
    release: Release
    max_age: float
    positive: bool = True
    revised: bool = False
    plausible: tuple[float, float] = (-math.inf, math.inf)
    calendar: str | None = None

    @property
    def on_sessions(self) -> bool:
        """Whether the series exists only on sessions of the exchange."""
        return self.release.anchor is Anchor.CLOSE


_D, _W, _M, _Q, _X = (
    Frequency.DAILY,
    Frequency.WEEKLY,
    Frequency.MONTHLY,
    Frequency.QUARTERLY,
    Frequency.IRREGULAR,
)
_AT_0830, _AT_0930, _AT_1415, _AT_1615, _AT_1800 = 510, 570, 855, 975, 1080

_CLOSE = Release(anchor=Anchor.CLOSE)
_EVENING = Release(anchor=Anchor.DAY, minute=_AT_1800)
_NEXT_MORNING = Release(anchor=Anchor.WEEKDAY, days=1, minute=_AT_0930)
_ONE_WEEK = Release(anchor=Anchor.DAY, days=8, minute=_AT_1615)


def _after_day(days: int, minute: int = _AT_0930) -> Release:
    return Release(anchor=Anchor.DAY, days=days, minute=minute)


def _after_month(days: int, minute: int = _AT_0830) -> Release:
    return Release(anchor=Anchor.MONTH_END, days=days, minute=minute)


def _after_quarter(days: int, minute: int = _AT_0830) -> Release:
    return Release(anchor=Anchor.QUARTER_END, days=days, minute=minute)


# Fresh through a long weekend; yields skip bond holidays and are seen a session late; monthly values wait for the
# next release and a government shutdown.
_AGE = {_D: 5.0, _W: 14.0, _M: 63.0, _Q: 140.0, _X: 400.0}

_SIGNED, _REVISED = "signed", "revised"
_Row = tuple[str, str, str, Frequency, Release, str]

_FIELD_ROWS: tuple[_Row, ...] = (
    ("*.adj*", "Price adjusted for splits and dividends", "USD", _D, _CLOSE, ""),
    ("*.dividend", "Dividend on its ex-date", "USD per share", _D, _CLOSE, _SIGNED),
    ("*.split", "Split coefficient on its day", "ratio", _D, _CLOSE, ""),
    ("*.volume", "Shares or contracts traded", "shares or contracts", _D, _EVENING, _SIGNED),
    ("*.open_interest", "Open contracts", "contracts", _D, _NEXT_MORNING, _SIGNED),
)
_INDEX_ROWS: tuple[_Row, ...] = (
    ("SPX", "S&P 500 index", "index points", _D, _CLOSE, ""),
    ("SPXT", "S&P 500 total return index", "index points", _D, _CLOSE, ""),
    ("VIX", "30-day implied volatility of SPX options", "vol points", _D, _CLOSE, ""),
    ("VIX9D", "9-day implied volatility of SPX options, formerly VXST", "vol points", _D, _CLOSE, ""),
    ("VIX3M", "93-day implied volatility of SPX options, formerly VXV", "vol points", _D, _CLOSE, ""),
    ("VIX6M", "6-month implied volatility of SPX options, formerly VXMT", "vol points", _D, _CLOSE, ""),
    ("VIX1Y", "1-year implied volatility of SPX options", "vol points", _D, _CLOSE, ""),
    ("VVIX", "30-day implied volatility of VIX options", "vol points", _D, _CLOSE, ""),
    ("SKEW", "Cboe SKEW, 100 - 10 * risk-neutral skewness", "index points", _D, _CLOSE, ""),
    ("VXO", "30-day implied volatility of OEX options, old method", "vol points", _D, _CLOSE, ""),
    ("RVX", "30-day implied volatility of Russell 2000 options", "vol points", _D, _CLOSE, ""),
    ("VXN", "30-day implied volatility of Nasdaq-100 options", "vol points", _D, _CLOSE, ""),
    ("VXD", "30-day implied volatility of Dow Jones options", "vol points", _D, _CLOSE, ""),
    ("OVX", "30-day implied volatility of crude-oil ETF options", "vol points", _D, _CLOSE, ""),
    ("MOVE", "ICE MOVE, implied volatility of Treasury options", "basis points p.a.", _D, _EVENING, ""),
    ("COR1M", "Cboe 1-month implied correlation", "correlation points", _D, _CLOSE, ""),
    ("DSPX", "Cboe S&P 500 dispersion index", "vol points", _D, _CLOSE, ""),
    ("VIXEQ", "Cboe S&P 500 constituent volatility index", "vol points", _D, _CLOSE, ""),
    ("SPVXSP", "S&P 500 VIX short-term futures index", "index points", _D, _CLOSE, ""),
    ("SPVXMP", "S&P 500 VIX mid-term futures index", "index points", _D, _CLOSE, ""),
    ("SPVIX*ME", "S&P 500 VIX constant-maturity futures index, excess return", "index points", _D, _CLOSE, ""),
    ("SHORTVOL", "Short VIX futures index", "index points", _D, _CLOSE, ""),
    ("PCR.*", "Cboe put/call volume ratio", "ratio", _D, _EVENING, _SIGNED),
    ("DXY", "US dollar index", "index points", _D, _EVENING, ""),
    ("CBOE.GS3M", "3-month Treasury yield, month end", "% p.a.", _M, _EVENING, _SIGNED),
    ("CBOE.*", "Cboe option strategy index, month end", "index points", _M, _EVENING, ""),
)
_VX_ROWS: tuple[_Row, ...] = (
    ("VX/*", "Monthly VX future by final settlement date", "vol points", _D, _CLOSE, ""),
    ("VXW/*", "Weekly VX future by final settlement date", "vol points", _D, _CLOSE, ""),
    ("VX.CM?", "VX constant-maturity price, months ahead", "vol points", _D, _CLOSE, ""),
    ("VX.ROLL?", "Annualised VX roll yield, months ahead", "decimal p.a.", _D, _CLOSE, _SIGNED),
    ("VX.M?", "VX last trade, not settlement, by maturity rank", "vol points", _D, _CLOSE, ""),
    ("VX.M?.expiry", "Expiry of the VX contract at a maturity rank", "yyyymmdd", _D, _CLOSE, ""),
    ("VX.FRONT", "Price of the nearest VX contract, weekly or monthly", "vol points", _D, _CLOSE, ""),
    ("VX.FRONT.expiry", "Expiry of the nearest VX contract", "yyyymmdd", _D, _CLOSE, ""),
    ("VX.FRONT.*", "Volume or open interest of the nearest VX contract", "contracts", _D, _CLOSE, _SIGNED),
    ("VX.1M.*", "Investable rolling one-month VX index", "index points", _D, _CLOSE, ""),
    ("VX.1M", "Investable rolling one-month VX index", "index points", _D, _CLOSE, ""),
    ("CFE.*", "CFE volume or open interest of a product", "contracts", _D, _NEXT_MORNING, _SIGNED),
)
_RATE_ROWS: tuple[_Row, ...] = (
    ("DGS*", "Treasury constant-maturity yield (H.15, posted in the evening)", "% p.a.", _D, _EVENING, _SIGNED),
    ("DFF", "Effective federal funds rate", "% p.a.", _D, _NEXT_MORNING, _SIGNED),
    ("SOFR", "Secured overnight financing rate", "% p.a.", _D, _NEXT_MORNING, _SIGNED),
    ("DTB*", "Treasury bill discount rate (H.15)", "% p.a.", _D, _EVENING, _SIGNED),
    (
        "BILL1M",
        "One-month bill return times twelve (French), fixed at the month's start",
        "% p.a.",
        _M,
        _after_day(0, _AT_0930),
        _SIGNED,
    ),
    ("T10Y2Y", "10-year minus 2-year Treasury yield", "% points", _D, _EVENING, _SIGNED),
    ("T10Y3M", "10-year minus 3-month Treasury yield", "% points", _D, _EVENING, _SIGNED),
    ("T10YIE", "10-year breakeven inflation", "% p.a.", _D, _EVENING, _SIGNED),
    ("T5YIE", "5-year breakeven inflation", "% p.a.", _D, _EVENING, _SIGNED),
    ("BAA10Y", "Baa yield minus 10-year Treasury yield", "% points", _D, _NEXT_MORNING, _SIGNED),
    ("BAML*", "ICE BofA option-adjusted spread", "% points", _D, _NEXT_MORNING, _SIGNED),
    ("TEDRATE", "TED spread", "% points", _D, _ONE_WEEK, _SIGNED),
    ("DEX*", "Exchange rate (H.10, weekly release)", "currency units", _D, _ONE_WEEK, ""),
    ("DTWEXBGS", "Nominal broad dollar index (H.10, weekly release)", "Jan 2006 = 100", _D, _ONE_WEEK, ""),
    ("DCOILWTICO", "WTI spot price (EIA, weekly release)", "USD per barrel", _D, _ONE_WEEK, _SIGNED),
    ("FEDFUNDS", "Effective federal funds rate, month's mean", "% p.a.", _M, _after_month(4), _SIGNED),
    ("GS*", "Treasury constant-maturity yield, month's mean", "% p.a.", _M, _after_month(4), _SIGNED),
    ("AAA", "Moody's Aaa corporate yield, month's mean", "% p.a.", _M, _after_month(5), ""),
    ("BAA", "Moody's Baa corporate yield, month's mean", "% p.a.", _M, _after_month(5), ""),
    ("MORTGAGE30US", "30-year mortgage rate", "% p.a.", _W, _after_day(1), ""),
    ("IR3TIB01*", "3-month interbank rate (OECD)", "% p.a.", _M, _after_month(45), _SIGNED),
)
_MACRO_ROWS: tuple[_Row, ...] = (
    ("CPIAUCSL", "CPI, all urban, seasonally adjusted", "1982-84 = 100", _M, _after_month(26), _REVISED),
    ("CPILFESL", "CPI less food and energy", "1982-84 = 100", _M, _after_month(26), _REVISED),
    ("CPIAUCNS", "CPI, all urban, not adjusted, never revised", "1982-84 = 100", _M, _after_month(26), ""),
    ("PPIACO", "PPI, all commodities", "1982 = 100", _M, _after_month(26), _REVISED),
    ("PPIFIS", "PPI, final demand", "Nov 2009 = 100", _M, _after_month(26), _REVISED),
    ("PCEPI", "PCE price index", "2017 = 100", _M, _after_month(35), _REVISED),
    ("PCEPILFE", "PCE price index less food and energy", "2017 = 100", _M, _after_month(35), _REVISED),
    ("PAYEMS", "Nonfarm payrolls", "thousand persons", _M, _after_month(10), _REVISED),
    ("UNRATE", "Unemployment rate", "%", _M, _after_month(10), _REVISED),
    ("RSXFS", "Retail sales excluding food services", "million USD", _M, _after_month(20), _REVISED),
    ("HOUST", "Housing starts", "thousand p.a.", _M, _after_month(22), _REVISED),
    ("INDPRO", "Industrial production", "2017 = 100", _M, _after_month(20), _REVISED),
    ("CFNAI", "Chicago Fed national activity index", "standard deviations", _M, _after_month(35), _SIGNED),
    ("M2SL", "M2 money stock", "billion USD", _M, _after_month(30), _REVISED),
    ("UMCSENT", "Michigan consumer sentiment, final", "1966 = 100", _M, _after_month(2), ""),
    ("MICH", "Michigan one-year inflation expectation, final", "%", _M, _after_month(2), ""),
    ("ISM_PMI", "ISM manufacturing index", "diffusion points", _M, _after_month(6), ""),
    ("ISM_NMI", "ISM services index", "diffusion points", _M, _after_month(8), ""),
    (
        "USREC",
        "NBER recession indicator; turning points are dated up to two years later",
        "0 or 1",
        _M,
        _after_month(730),
        _SIGNED,
    ),
    ("ICSA", "Initial unemployment claims, week ending Saturday", "persons", _W, _after_day(6), _REVISED),
    ("NFCI", "Chicago Fed financial conditions, week ending Friday", "standard deviations", _W, _after_day(6), _SIGNED),
    ("ANFCI", "Adjusted NFCI, week ending Friday", "standard deviations", _W, _after_day(6), _SIGNED),
    ("STLFSI4", "St. Louis Fed financial stress", "standard deviations", _W, _after_day(7), _SIGNED),
    ("WALCL", "Federal Reserve total assets, Wednesday level (H.4.1)", "million USD", _W, _after_day(2), _REVISED),
    ("GDP", "Nominal GDP", "billion USD p.a.", _Q, _after_quarter(30), _REVISED),
    ("GDPC1", "Real GDP", "billion chained USD p.a.", _Q, _after_quarter(30), _REVISED),
    (
        "ROUTPUT",
        "Real GNP/GDP, every vintage (Philadelphia Fed); compare growth only within one vintage",
        "billion real USD p.a. of the vintage's base year",
        _Q,
        _after_quarter(60),
        "",
    ),
    (
        "GDP.VINTAGE.*",
        "Real GDP, every vintage; compare growth only within one vintage",
        "local currency, real",
        _Q,
        _after_quarter(90),
        "",
    ),
    ("BIS.*", "BIS effective exchange rate", "2010 = 100", _M, _after_month(31), ""),
    ("CPI.RELEASE", "Day on which the CPI of a month was released", "yyyymmdd", _M, _after_month(26), ""),
    (
        "FOMC",
        "FOMC decision day; known at the statement, though most days are scheduled a year ahead",
        "1",
        _X,
        _after_day(0, _AT_1415),
        "",
    ),
)
_EQUITY_ROWS: tuple[_Row, ...] = (
    (
        "SHILLER.*",
        "Shiller's monthly S&P 500 table; earnings are reported within a quarter",
        "see column",
        _M,
        _after_quarter(90),
        "",
    ),
    ("SPX.FORWARD_PE", "S&P 500 price over forward earnings", "ratio", _D, _EVENING, ""),
    ("BREADTH.*", "Share of current index members above an average or at new lows", "%", _D, _EVENING, _SIGNED),
    ("NYSE.*", "Issues counted over tickers listed today", "issues", _D, _EVENING, _SIGNED),
)
_CALENDARS = {"CPIAUCSL": "CPI.RELEASE", "CPILFESL": "CPI.RELEASE", "CPIAUCNS": "CPI.RELEASE"}

# Its lowest close since 2006 is 59.74; the first rows of Cboe's file, 15 to 38 on scattered days, are not quotes of it.
_PLAUSIBLE = {"VVIX": (50.0, 400.0)}

ALIASES = {
    "VIXCLS": "VIX",
    "VXVCLS": "VIX3M",
    "OVXCLS": "OVX",
    "VXOCLS": "VXO",
    "SP500": "SPX",
    "^GSPC": "SPX",
    "GSPC": "SPX",
    "VXST": "VIX9D",
    "VXV": "VIX3M",
    "VXMT": "VIX6M",
    "SPTR": "SPXT",
    "VIX INDEX": "VIX",
    "SP500_FORWARD_PE": "SPX.FORWARD_PE",
    "3MONTHTREASURY": "DGS3MO",
}
"""Other names under which publishers and vendors know a series."""

_PRICE_FIELDS = (".open", ".high", ".low", ".close", ".settle")


def _entry(row: _Row) -> SeriesEntry:
    name, meaning, unit, frequency, release, flags = row
    return SeriesEntry(
        name=name,
        meaning=meaning,
        unit=unit,
        frequency=frequency,
        release=release,
        max_age=_AGE[frequency],
        positive=_SIGNED not in flags,
        revised=_REVISED in flags,
        plausible=_PLAUSIBLE.get(name, (-math.inf, math.inf)),
        calendar=_CALENDARS.get(name),
    )


CATALOGUE: dict[str, SeriesEntry] = {
    row[0]: _entry(row) for row in (*_FIELD_ROWS, *_INDEX_ROWS, *_VX_ROWS, *_RATE_ROWS, *_MACRO_ROWS, *_EQUITY_ROWS)
}
"""Every row by its canonical name or family."""


def canonical(name: str) -> str:
    """Return the canonical name of a series known under several."""
    return ALIASES.get(name.upper(), name)


@cache
def known(name: str) -> SeriesEntry | None:
    """Look a canonical name up, through its family and its price field; None where the catalogue does not have it."""
    if name in CATALOGUE:
        return replace(CATALOGUE[name], name=name)
    families = (row for family, row in CATALOGUE.items() if "*" in family or "?" in family)
    for row in families:
        if fnmatchcase(name, row.name):
            return replace(row, name=name)
    for field in _PRICE_FIELDS:
        if name.endswith(field):
            base = known(name.removesuffix(field))
            return replace(base, name=name) if base else None
    return None


def entry(name: str, frequency: Frequency = Frequency.DAILY) -> SeriesEntry:
    """Describe a series, by the catalogue or, for a stranger, by its frequency.

    A stranger's daily value counts as known at 16:15 New York on its day; a weekly one 8 days, a monthly one 45 days
    after the month, a quarterly one 90 days after the quarter: late enough for any publisher we know.
    """
    return known(name) or SeriesEntry(
        name=name,
        meaning="not in the catalogue",
        unit="unknown",
        frequency=frequency,
        release=_STRANGER[frequency],
        max_age=_AGE[frequency],
        positive=False,
    )


def share_entry(name: str) -> SeriesEntry:
    """Describe the price of a share or a fund that the catalogue does not name."""
    return known(name) or SeriesEntry(
        name=name,
        meaning="share or fund, price as the file gives it",
        unit="USD",
        frequency=Frequency.DAILY,
        release=_CLOSE,
        max_age=_AGE[_D],
    )


_STRANGER = {
    Frequency.DAILY: Release(anchor=Anchor.DAY, minute=_AT_1615),
    Frequency.WEEKLY: _ONE_WEEK,
    Frequency.MONTHLY: _after_month(45),
    Frequency.QUARTERLY: _after_quarter(90),
    Frequency.IRREGULAR: _ONE_WEEK,
}
