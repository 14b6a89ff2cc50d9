"""Rates and the macro calendar: FRED, BIS, the Philadelphia Fed's vintages, Shiller's table."""

from __future__ import annotations

from functools import partial

from alvh.market.catalogue.entry import (
    AT_0930,
    AT_1400,
    DAILY,
    EVENING,
    IRREGULAR,
    MAX_AGE,
    MONTHLY,
    NEXT_MORNING,
    ONE_WEEK,
    QUARTERLY,
    WEEKLY,
    SeriesEntry,
    after_day,
    after_month,
    after_quarter,
    row,
)

_fred = partial(row, publisher="FRED")
_bis = partial(row, publisher="BIS")
_bls = partial(row, publisher="BLS")
_fed = partial(row, publisher="Federal Reserve")
_french = partial(row, publisher="Kenneth French")
_ism = partial(row, publisher="ISM")
_oecd = partial(row, publisher="OECD")
_philadelphia = partial(row, publisher="Federal Reserve Bank of Philadelphia")
_shiller = partial(row, publisher="Shiller")

RATE_ROWS: tuple[SeriesEntry, ...] = (
    _fred(
        "DGS[0-9]*",
        "Treasury constant-maturity yield (H.15, posted in the evening)",
        "% p.a.",
        DAILY,
        EVENING,
        signed=True,
    ),
    _fred("DFF", "Effective federal funds rate", "% p.a.", DAILY, NEXT_MORNING, signed=True),
    _fred("SOFR", "Secured overnight financing rate", "% p.a.", DAILY, NEXT_MORNING, signed=True),
    _fred("DTB*", "Treasury bill discount rate (H.15)", "% p.a.", DAILY, EVENING, signed=True),
    _french(
        "BILL1M",
        "One-month bill return times twelve (French), fixed at the month's start",
        "% p.a.",
        MONTHLY,
        after_day(0, AT_0930),
        signed=True,
    ),
    _fred("T10Y2Y", "10-year minus 2-year Treasury yield", "% points", DAILY, EVENING, signed=True),
    _fred("T10Y3M", "10-year minus 3-month Treasury yield", "% points", DAILY, EVENING, signed=True),
    _fred("T10YIE", "10-year breakeven inflation", "% p.a.", DAILY, EVENING, signed=True),
    _fred("T5YIE", "5-year breakeven inflation", "% p.a.", DAILY, EVENING, signed=True),
    _fred("BAA10Y", "Baa yield minus 10-year Treasury yield", "% points", DAILY, NEXT_MORNING, signed=True),
    _fred("BAML*", "ICE BofA option-adjusted spread", "% points", DAILY, NEXT_MORNING, signed=True),
    _fred("TEDRATE", "TED spread", "% points", DAILY, ONE_WEEK, signed=True),
    _fred("DEX*", "Exchange rate (H.10, weekly release)", "currency units", DAILY, ONE_WEEK),
    _fred("DTWEXBGS", "Nominal broad dollar index (H.10, weekly release)", "Jan 2006 = 100", DAILY, ONE_WEEK),
    _fred("DCOILWTICO", "WTI spot price (EIA, weekly release)", "USD per barrel", DAILY, ONE_WEEK, signed=True),
    _fred("FEDFUNDS", "Effective federal funds rate, month's mean", "% p.a.", MONTHLY, after_month(4), signed=True),
    _fred("GS[0-9]*", "Treasury constant-maturity yield, month's mean", "% p.a.", MONTHLY, after_month(4), signed=True),
    _fred("AAA", "Moody's Aaa corporate yield, month's mean", "% p.a.", MONTHLY, after_month(5)),
    _fred("BAA", "Moody's Baa corporate yield, month's mean", "% p.a.", MONTHLY, after_month(5)),
    _fred("MORTGAGE30US", "30-year mortgage rate", "% p.a.", WEEKLY, after_day(1)),
    _fred("IR3TIB01*", "3-month interbank rate (OECD)", "% p.a.", MONTHLY, after_month(45), signed=True),
)
MACRO_ROWS: tuple[SeriesEntry, ...] = (
    _fred(
        "CPIAUCSL",
        "CPI, all urban, seasonally adjusted",
        "1982-84 = 100",
        MONTHLY,
        after_month(26),
        revised=True,
        calendar="CPI.RELEASE",
    ),
    _fred(
        "CPILFESL",
        "CPI less food and energy",
        "1982-84 = 100",
        MONTHLY,
        after_month(26),
        revised=True,
        calendar="CPI.RELEASE",
    ),
    _fred("CPIAUCNS", "CPI, all urban, not adjusted, never revised", "1982-84 = 100", MONTHLY, after_month(26)),
    _fred(
        "PPIACO",
        "PPI, all commodities",
        "1982 = 100",
        MONTHLY,
        after_month(26),
        revised=True,
        calendar="PPI.RELEASE",
    ),
    _fred(
        "PPIFIS", "PPI, final demand", "Nov 2009 = 100", MONTHLY, after_month(26), revised=True, calendar="PPI.RELEASE"
    ),
    _fred("PCEPI", "PCE price index", "2017 = 100", MONTHLY, after_month(35), revised=True),
    _fred("PCEPILFE", "PCE price index less food and energy", "2017 = 100", MONTHLY, after_month(35), revised=True),
    _fred("PAYEMS", "Nonfarm payrolls", "thousand persons", MONTHLY, after_month(10), revised=True),
    _fred("UNRATE", "Unemployment rate", "%", MONTHLY, after_month(10), revised=True),
    _fred("RSXFS", "Retail sales excluding food services", "million USD", MONTHLY, after_month(20), revised=True),
    _fred("HOUST", "Housing starts", "thousand p.a.", MONTHLY, after_month(22), revised=True),
    _fred("INDPRO", "Industrial production", "2017 = 100", MONTHLY, after_month(20), revised=True),
    _fred("CFNAI", "Chicago Fed national activity index", "standard deviations", MONTHLY, after_month(35), signed=True),
    _fred("M2SL", "M2 money stock", "billion USD", MONTHLY, after_month(30), revised=True),
    _fred("UMCSENT", "Michigan consumer sentiment, final", "1966 = 100", MONTHLY, after_month(2)),
    _fred("MICH", "Michigan one-year inflation expectation, final", "%", MONTHLY, after_month(2)),
    _ism("ISM_PMI", "ISM manufacturing index", "diffusion points", MONTHLY, after_month(6)),
    _ism("ISM_NMI", "ISM services index", "diffusion points", MONTHLY, after_month(8)),
    _fred(
        "USREC",
        "NBER recession indicator; turning points are dated up to two years later",
        "0 or 1",
        MONTHLY,
        after_month(730),
        signed=True,
    ),
    _fred("ICSA", "Initial unemployment claims, week ending Saturday", "persons", WEEKLY, after_day(6), revised=True),
    _fred(
        "NFCI",
        "Chicago Fed financial conditions, week ending Friday",
        "standard deviations",
        WEEKLY,
        after_day(6),
        signed=True,
    ),
    _fred("ANFCI", "Adjusted NFCI, week ending Friday", "standard deviations", WEEKLY, after_day(6), signed=True),
    _fred("STLFSI4", "St. Louis Fed financial stress", "standard deviations", WEEKLY, after_day(7), signed=True),
    _fred(
        "WALCL",
        "Federal Reserve total assets, Wednesday level (H.4.1)",
        "million USD",
        WEEKLY,
        after_day(2),
        revised=True,
    ),
    _fred("GDP", "Nominal GDP", "billion USD p.a.", QUARTERLY, after_quarter(30), revised=True),
    _fred("GDPC1", "Real GDP", "billion chained USD p.a.", QUARTERLY, after_quarter(30), revised=True),
    _philadelphia(
        "ROUTPUT",
        "Real GNP/GDP, every vintage (Philadelphia Fed); compare growth only within one vintage",
        "billion real USD p.a. of the vintage's base year",
        QUARTERLY,
        after_quarter(60),
        vintages=True,
    ),
    _oecd(
        "GDP.VINTAGE.*",
        "Real GDP, every vintage; compare growth only within one vintage",
        "local currency, real",
        QUARTERLY,
        after_quarter(90),
        vintages=True,
    ),
    _bis("RBUSBIS", "Real effective exchange rate of the dollar, broad", "2020 = 100", MONTHLY, after_month(31)),
    _bis("BIS.*", "BIS effective exchange rate", "2010 = 100", MONTHLY, after_month(31)),
    _bls("CPI.RELEASE", "Day on which the CPI of a month was released", "yyyymmdd", MONTHLY, after_month(26)),
    _bls("PPI.RELEASE", "Day on which the PPI of a month was released", "yyyymmdd", MONTHLY, after_month(26)),
    _fred("GDP.RELEASE", "Day on which a GDP estimate was released", "yyyymmdd", MONTHLY, after_month(31)),
    _fed(
        "FOMC",
        "FOMC decision day; known at the statement, though most days are scheduled a year ahead",
        "1",
        IRREGULAR,
        after_day(0, AT_1400),
    ),
)
EQUITY_ROWS: tuple[SeriesEntry, ...] = (
    # Three months become known at once, a quarter after the three before, so a value must live longer than a month.
    _shiller(
        "SHILLER.*",
        "Shiller's monthly S&P 500 table; earnings are reported within a quarter",
        "see column",
        MONTHLY,
        after_quarter(90),
        max_age=MAX_AGE[QUARTERLY],
    ),
)
