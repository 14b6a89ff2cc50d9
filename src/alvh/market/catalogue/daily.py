"""Daily series of the exchanges: indices, VX futures, funds, breadth."""

from __future__ import annotations

from functools import partial

from alvh.market.catalogue.entry import CLOSE, DAILY, EVENING, MONTHLY, NEXT_MORNING, SeriesEntry, row

_any = partial(row, publisher="exchange or vendor")
_cboe = partial(row, publisher="Cboe")
_cfe = partial(row, publisher="CFE")
_sp = partial(row, publisher="S&P")
_ice = partial(row, publisher="ICE")

# Its lowest close since 2006 is 59.74; the first rows of Cboe's file, 15 to 38 on scattered days, are not quotes of it.
_VVIX_PLAUSIBLE = (50.0, 400.0)
# The VIX has never closed below 9.14; two contracts listed on 2008-04-21 were given a settlement of 1.
_VX_PLAUSIBLE = (5.0, 250.0)

FIELD_ROWS: tuple[SeriesEntry, ...] = (
    _any("*.adj*", "Price adjusted for splits and dividends", "USD", DAILY, CLOSE),
    _any("*.dividend", "Dividend on its ex-date", "USD per share", DAILY, CLOSE, signed=True),
    _any("*.split", "Split coefficient on its day", "ratio", DAILY, CLOSE),
    _any("*.volume", "Shares or contracts traded", "shares or contracts", DAILY, EVENING, signed=True),
    _any("*.open_interest", "Open contracts", "contracts", DAILY, NEXT_MORNING, signed=True),
)
INDEX_ROWS: tuple[SeriesEntry, ...] = (
    _sp("SPX", "S&P 500 index", "index points", DAILY, CLOSE),
    _sp("SPXT", "S&P 500 total return index", "index points", DAILY, CLOSE),
    _cboe("VIX", "30-day implied volatility of SPX options", "vol points", DAILY, CLOSE),
    _cboe("VIX9D", "9-day implied volatility of SPX options, formerly VXST", "vol points", DAILY, CLOSE),
    _cboe("VIX3M", "93-day implied volatility of SPX options, formerly VXV", "vol points", DAILY, CLOSE),
    _cboe("VIX6M", "6-month implied volatility of SPX options, formerly VXMT", "vol points", DAILY, CLOSE),
    _cboe("VIX1Y", "1-year implied volatility of SPX options", "vol points", DAILY, CLOSE),
    _cboe("VVIX", "30-day implied volatility of VIX options", "vol points", DAILY, CLOSE, plausible=_VVIX_PLAUSIBLE),
    _cboe("SKEW", "Cboe SKEW, 100 - 10 * risk-neutral skewness", "index points", DAILY, CLOSE),
    _cboe("VXO", "30-day implied volatility of OEX options, old method", "vol points", DAILY, CLOSE),
    _cboe("RVX", "30-day implied volatility of Russell 2000 options", "vol points", DAILY, CLOSE),
    _cboe("VXN", "30-day implied volatility of Nasdaq-100 options", "vol points", DAILY, CLOSE),
    _cboe("VXD", "30-day implied volatility of Dow Jones options", "vol points", DAILY, CLOSE),
    _cboe("OVX", "30-day implied volatility of crude-oil ETF options", "vol points", DAILY, CLOSE),
    _ice("MOVE", "ICE MOVE, implied volatility of Treasury options", "basis points p.a.", DAILY, EVENING),
    _cboe("COR1M", "Cboe 1-month implied correlation", "correlation points", DAILY, CLOSE),
    _cboe("DSPX", "Cboe S&P 500 dispersion index", "vol points", DAILY, CLOSE),
    _cboe("VIXEQ", "Cboe S&P 500 constituent volatility index", "vol points", DAILY, CLOSE),
    _sp("SPVXSP", "S&P 500 VIX short-term futures index", "index points", DAILY, CLOSE),
    _sp("SPVXMP", "S&P 500 VIX mid-term futures index", "index points", DAILY, CLOSE),
    _sp("SPVIX*ME", "S&P 500 VIX constant-maturity futures index, excess return", "index points", DAILY, CLOSE),
    _sp("SHORTVOL", "Short VIX futures index", "index points", DAILY, CLOSE),
    _cboe("PCR.*", "Cboe put/call volume ratio", "ratio", DAILY, EVENING, signed=True),
    _ice("DXY", "US dollar index", "index points", DAILY, EVENING),
    _cboe("CBOE.GS3M", "3-month Treasury yield, month end", "% p.a.", MONTHLY, EVENING, signed=True),
    _cboe("CBOE.*", "Cboe option strategy index, month end", "index points", MONTHLY, EVENING),
)
VX_ROWS: tuple[SeriesEntry, ...] = (
    _cfe("VX/*", "Monthly VX future by final settlement date", "vol points", DAILY, CLOSE, plausible=_VX_PLAUSIBLE),
    _cfe("VXW/*", "Weekly VX future by final settlement date", "vol points", DAILY, CLOSE, plausible=_VX_PLAUSIBLE),
    _cfe("VX.CM?", "VX constant-maturity price, months ahead", "vol points", DAILY, CLOSE),
    _cfe("VX.ROLL?", "Annualised VX roll yield, months ahead", "decimal p.a.", DAILY, CLOSE, signed=True),
    _cfe("VX.M?", "VX last trade, not settlement, by maturity rank", "vol points", DAILY, CLOSE),
    _cfe("VX.M?.expiry", "Expiry of the VX contract at a maturity rank", "yyyymmdd", DAILY, CLOSE),
    _cfe("VX.FRONT", "Price of the nearest VX contract, weekly or monthly", "vol points", DAILY, CLOSE),
    _cfe("VX.FRONT.expiry", "Expiry of the nearest VX contract", "yyyymmdd", DAILY, CLOSE),
    _cfe("VX.FRONT.*", "Volume or open interest of the nearest VX contract", "contracts", DAILY, CLOSE, signed=True),
    _cfe("VX.1M.*", "Investable rolling one-month VX index", "index points", DAILY, CLOSE),
    _cfe("VX.1M", "Investable rolling one-month VX index", "index points", DAILY, CLOSE),
    _cfe("CFE.*", "CFE volume or open interest of a product", "contracts", DAILY, NEXT_MORNING, signed=True),
)
BREADTH_ROWS: tuple[SeriesEntry, ...] = (
    _any("SPX.FORWARD_PE", "S&P 500 price over forward earnings", "ratio", DAILY, EVENING),
    _any(
        "BREADTH.*", "Share of current index members above an average or at new lows", "%", DAILY, EVENING, signed=True
    ),
    _any("NYSE.*", "Issues counted over tickers listed today", "issues", DAILY, EVENING, signed=True),
)
