"""Every layout becomes named series with release times."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from alvh.adapters.formats.registry import detect
from alvh.adapters.formats.source import sniff
from alvh.adapters.formats.words import ReadOptions
from alvh.core.errors import RefusedError
from alvh.market.quality import Defect


def values(got):
    return {series.name: series.value.tolist() for series in got.series}


def source_format(got):
    return got.series[0].source.split(":")[0]


def test_cboe_history_gives_four_series(read):
    got = read("VIX3M_History.csv", "DATE,OPEN,HIGH,LOW,CLOSE\n01/02/2024,13,14,12,13.5\n")
    assert values(got) == {"VIX3M": [13.5], "VIX3M.open": [13.0], "VIX3M.high": [14.0], "VIX3M.low": [12.0]}
    assert source_format(got) == "cboe_index"


def test_the_old_vix1y_layout_is_a_cboe_history(read):
    got = read("vix1y_ohlc_daily.csv", "time,volume,open,high,low,close\n03/16/2020,0,34.04,42.42,34.04,41.47\n")
    assert values(got)["VIX1Y"] == [41.47]
    assert "VIX1Y.volume" not in values(got)


def test_a_close_written_four_times_has_no_open(read):
    got = read("SPX.csv", "DATE,OPEN,HIGH,LOW,CLOSE\n12/30/1927,17.66,17.66,17.66,17.66\n12/31/2024,1,3,1,2\n")
    assert values(got)["SPX"] == [17.66, 2.0]
    assert values(got)["SPX.open"] == [1.0]
    assert got.findings[0].defect is Defect.MISSING_VALUE


def test_an_open_a_hair_outside_low_to_high_is_kept_and_said(read):
    got = read("VIX.csv", "DATE,OPEN,HIGH,LOW,CLOSE\n01/02/2024,14.05,14,12,13.5\n")
    assert values(got)["VIX.open"] == [14.05]
    assert [(item.defect, "kept" in item.detail) for item in got.findings] == [(Defect.IMPLAUSIBLE, True)]


def test_an_open_far_outside_low_to_high_is_left_out_and_said(read):
    text = "DATE,OPEN,HIGH,LOW,CLOSE\n11/05/2004,14,14.1,13,13.5\n11/08/2004,2.58,14.48,13.68,13.8\n"
    got = read("VIX.csv", text)
    assert values(got)["VIX.open"] == [14.0]
    assert values(got)["VIX"] == [13.5, 13.8]
    assert [(item.defect, "left out" in item.detail) for item in got.findings] == [(Defect.IMPLAUSIBLE, True)]


def test_opens_that_repeat_the_close_before_are_kept_and_said(read):
    text = "DATE,OPEN,HIGH,LOW,CLOSE\n11/04/2004,13,14.1,13,13.5\n11/05/2004,13.5,14.1,13,13.8\n"
    got = read("VIX.csv", text)
    assert values(got)["VIX.open"] == [13.0, 13.5]
    (finding,) = got.findings
    assert (finding.subject, finding.defect, str(finding.session)) == ("VIX.open", Defect.STALE, "2004-11-05")


def test_yahoo_columns_are_a_share_named_by_its_file(read):
    text = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,3,1,2,1.9,1000\n"
    got = read("acme_ohlc_daily_2024.csv", text)
    assert values(got) == {
        "ACME": [2.0],
        "ACME.open": [1.0],
        "ACME.high": [3.0],
        "ACME.low": [1.0],
        "ACME.adjclose": [1.9],
        "ACME.volume": [1000.0],
    }


@pytest.mark.parametrize(
    ("name", "header", "series"),
    [
        ("VIXCLS.csv", "observation_date,VIXCLS", "VIX"),
        ("ovx_daily.csv", "date,ovxcls", "OVX"),
        ("SP500.csv", "date,value", "SPX"),
        ("sp500_forward_pe_daily_2008.csv", "Date,Value", "SPX.FORWARD_PE"),
        ("DFF_1954_2026.csv", "date,value", "DFF"),
        ("my_own_idea.csv", "date,value", "MY_OWN_IDEA"),
        ("file.csv", "date,spread", "SPREAD"),
        ("3monthTreasury_DGS3MO.csv", "observation_date,DGS3MO", "DGS3MO"),
    ],
)
def test_a_pair_of_columns_is_named_by_its_column_or_its_file(read, name, header, series):
    assert list(values(read(name, f"{header}\n2024-01-02,5\n"))) == [series]


def test_cboe_close_only_is_told_from_fred_by_its_dates(read):
    assert source_format(read("SKEW_History.csv", "DATE,SKEW\n01/02/2024,140\n")) == "cboe_index"
    assert source_format(read("DGS2.csv", "DATE,DGS2\n2024-01-02,4\n")) == "fred"


def test_a_byte_order_mark_is_no_part_of_the_header(read):
    assert values(read("move_daily.csv", "\ufeffDate,Value\n2024-01-02,100\n")) == {"MOVE": [100.0]}


def test_treasury_fractions_become_percent(read):
    got = read("curve.csv", "Time Period,1month,3month\n1990-01-02 00:00:00+00:00,,0.0783\n")
    assert values(got) == {"DGS3MO": [7.83]}


def test_shiller_zeros_are_not_yet_reported(read):
    got = read("shiller.csv", "Date,SP500,Dividend,Earnings\n2024-01-01,4800,70,0.0\n")
    assert values(got) == {"SHILLER.PRICE": [4800.0], "SHILLER.DIVIDEND": [70.0]}
    assert got.series[0].asof(datetime(2024, 6, 28, tzinfo=UTC)) is None
    assert got.series[0].asof(datetime(2024, 7, 1, tzinfo=UTC)) is not None


def test_put_call_ratios_keep_their_zeros(read):
    got = read("pcr.csv", "Fecha,TOTAL_PUT_CALL_RATIO,OEX_PUT_CALL_RATIO,X_PUT_CALL_RATIO\n2024-01-02,1.05,0.0,\n")
    assert values(got) == {"PCR.TOTAL": [1.05], "PCR.OEX": [0.0]}


def test_strategy_indices_are_kept_apart_from_the_daily_ones(read):
    got = read("s.csv", "Date,BXM,SPX,GS3M\n2008-10-31,700.5,968.75,0.46\n")
    assert values(got) == {"CBOE.BXM": [700.5], "CBOE.SPX": [968.75], "CBOE.GS3M": [0.46]}


def test_breadth_and_issue_counts(read):
    assert values(read("b.csv", "date,sp_breadth,sp_new_low\n2024-01-02,0.0,1\n")) == {
        "BREADTH.SP_BREADTH": [0.0],
        "BREADTH.SP_NEW_LOW": [1.0],
    }
    assert values(read("n.csv", "date,advances,declines\n2024-01-02,241,294\n"))["NYSE.DECLINES"] == [294.0]


def test_exchange_volumes_keep_products_apart_and_skip_blank_lines(read):
    text = "Date,VOLATILITY INDEX VOLUME,VOLATILITY INDEX OI,BIT COIN VOLUME\n\n3/26/2004,461,368,\n3/29/2004,5,6,7\n"
    assert values(read("cfevoloi.csv", text)) == {
        "CFE.VX.volume": [461.0, 5.0],
        "CFE.VX.open_interest": [368.0, 6.0],
        "CFE.BIT COIN.volume": [7.0],
    }


def test_bis_rates_by_kind_and_economy(read):
    text = "date,symbol,Japan,United States\n1994-01-31,reer,90,100\n1994-01-31,neer,80,99\n1994-02-28,reer,91,101\n"
    with pytest.raises(RefusedError, match="out of order"):
        read("bis.csv", "date,symbol,United States\n1994-02-28,reer,90\n1994-01-31,reer,80\n1994-03-31,reer,80\n")
    got = read("bis.csv", text)
    assert values(got)["BIS.reer.United States"] == [100.0, 101.0]
    assert values(got)["BIS.neer.Japan"] == [80.0]


def test_rank_tables_and_their_expiries(read):
    got = read("m.csv", '"","date","M1","M2"\n"1",2004-03-29,NA,19.77\n"2",2004-03-30,20.1,19.9\n')
    assert values(got) == {"VX.M1": [20.1], "VX.M2": [19.77, 19.9]}
    got = read("v.csv", '"","date","V1"\n"1",2004-03-29,2004-05-19\n')
    assert values(got) == {"VX.M1.expiry": [20040519.0]}


def test_front_contract_table(read):
    got = read("f.csv", "date,vx_f1,f1_expiration,volume,open_interest\n2013-05-20,15.1,2013-06-19,58037,197389\n")
    assert values(got)["VX.FRONT.expiry"] == [20130619.0]


def test_long_tables_split_by_symbol(read):
    got = read("levels.csv", "ID,Date,Close\nVIX,2024-01-02,13\nRVX,2024-01-02,20\nRVX,2024-01-03,21\n")
    assert values(got) == {"VIX": [13.0], "RVX": [20.0, 21.0]}


def test_bloomberg_funds_are_adjusted_prices_and_indices_are_not(read):
    got = read("b.csv", "ID,Date,O,H,L,C\nVIX Index,2024-01-02,1,4,1,3\nSPY US Equity,2024-01-02,5,8,5,7\n")
    assert values(got)["VIX"] == [3.0]
    assert values(got)["SPY.adjclose"] == [7.0]
    assert values(got)["SPY.adjopen"] == [5.0]


def test_dividends_and_splits_are_events(read):
    header = "symbol,date,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n"
    got = read("e.csv", header + "SPY,2024-01-02,1,3,1,2,1.9,10,0.0,1.0\nSPY,2024-01-03,1,3,1,2,1.9,10,0.5,1.0\n")
    assert values(got)["SPY.dividend"] == [0.5]
    assert "SPY.split" not in values(got)


def test_members_of_a_parquet_table_are_adjusted_closes(tmp_path):
    days = [datetime(2024, 1, day, tzinfo=UTC).replace(tzinfo=None) for day in (2, 3)]
    columns = {
        f"T{number}": pl.Series([float("nan") if number == 1 else 1.0, 2.0], dtype=pl.Float64) for number in range(22)
    }
    columns["T1"] = pl.Series([None, 2.0], dtype=pl.Float64)
    pl.DataFrame({**columns, "Date": days}).write_parquet(tmp_path / "members.parquet")
    (table,) = sniff(tmp_path / "members.parquet")
    got = detect(table).read(table, ReadOptions())
    assert values(got)["T0.adjclose"] == [1.0, 2.0]
    assert values(got)["T1.adjclose"] == [2.0]


def test_constant_maturity_logarithms_become_points(read):
    names = [f"ln_V{month}" for month in range(1, 7)]
    header = ",".join(["date", "VIX_1M", "ln_VIX", *names])
    cells = ",".join(["2018-02-05", "1000.5", str(np.log(37.32)), *(str(np.log(30.0 - month)) for month in range(6))])
    got = values(read("cm.csv", f"{header}\n{cells}\n"))
    assert got["VIX"] == [37.32]
    assert got["VX.CM1"][0] == pytest.approx(30.0)


def test_vintages_are_known_in_the_middle_of_their_quarter(read):
    got = read("r.csv", "DATE,ROUTPUT65Q4,ROUTPUT66Q1\n1965:Q3,600.1,601.2\n1965:Q4,,610.0\n")
    (series,) = got.series
    assert series.asof(datetime(1965, 12, 1, tzinfo=UTC)).value == 600.1
    later = series.asof(datetime(1966, 3, 1, tzinfo=UTC))
    assert (later.value, later.period) == (610.0, date(1965, 10, 1))


def test_gdp_vintages_are_known_at_the_end_of_their_quarter(read):
    got = read("g.csv", "time,pub_date,value,id\n2002-07-01,2002-10-01,100,US\n2002-07-01,2003-01-01,101,US\n")
    (series,) = got.series
    assert series.name == "GDP.VINTAGE.US"
    assert series.asof(datetime(2002, 12, 30, tzinfo=UTC)) is None
    assert series.asof(datetime(2003, 1, 2, tzinfo=UTC)).value == 100.0


def test_cpi_release_days(read):
    got = read("c.csv", "release_date,reference_month\n2015-01-16,2014-12\n")
    (series,) = got.series
    assert (series.period[0].item(), series.value[0]) == (date(2014, 12, 1), 20150116.0)
    assert str(series.known_at[0]) == "2015-01-16T13:30:00"


def test_a_release_before_its_month_refuses_the_file(read):
    with pytest.raises(RefusedError, match="cannot have been released"):
        read("c.csv", "release_date,reference_month\n2014-11-16,2014-12\n")


def test_decision_days(read):
    assert values(read("fomc_dates.csv", "date\n2008-12-16\n2009-01-28\n")) == {"FOMC": [1.0, 1.0]}


def test_a_list_of_names_is_refused_with_its_sentence(read):
    with pytest.raises(RefusedError, match="no dated value"):
        read("members.csv", "Symbol,Security\nMMM,3M\n")
