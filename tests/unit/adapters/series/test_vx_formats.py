"""VX files: one price unit, no zero prices, monthlies told from weeklies."""

from datetime import date

import pytest

from alvh.adapters.formats.series_vx import contract_expiry, contract_name
from alvh.core.errors import RefusedError
from alvh.market.quality import Defect

HEADER = "Trade Date,Futures,Open,High,Low,Close,Settle,Change,Total Volume,EFP,Open Interest\n"


def values(got):
    return {series.name: series.value.tolist() for series in got.series}


def test_contract_files_name_their_settlement_day():
    assert contract_expiry("CFE_X08_VX.csv") == date(2008, 11, 19)
    assert contract_expiry("cfe_h19_vx") == date(2019, 3, 19)
    assert contract_expiry("VX_2020-03-18.csv") == date(2020, 3, 18)
    assert contract_expiry("CFE_V04_VX.csv") == date(2004, 10, 13)
    assert contract_expiry("prices.csv") is None


def test_a_weekly_never_takes_the_name_of_a_monthly():
    assert contract_name(date(2018, 2, 14)) == "VX/2018-02-14"
    assert contract_name(date(2018, 2, 21)) == "VXW/2018-02-21"
    assert contract_name(date(2004, 7, 14)) == "VX/2004-07-14"


def test_one_contract_per_file_is_named_by_its_file(read):
    got = read("VX_2020-03-18.csv", HEADER + "2020-03-16,H (Mar 2020),60,75,59,73,72.625,5,100,0,900\n")
    assert values(got) == {
        "VX/2020-03-18.settle": [72.625],
        "VX/2020-03-18.close": [73.0],
        "VX/2020-03-18.open": [60.0],
        "VX/2020-03-18.high": [75.0],
        "VX/2020-03-18.low": [59.0],
        "VX/2020-03-18.volume": [100.0],
        "VX/2020-03-18.open_interest": [900.0],
    }


def test_prices_before_26_march_2007_are_a_tenth(read):
    rows = "03/23/2007,J (Apr 07),134,135.5,133,133.5,133.3,-0.3,369,0,1\n"
    rows += "03/26/2007,J (Apr 07),13.49,14.5,13.21,13.4,13.38,-119.92,675,0,1\n"
    got = read("CFE_J07_VX.csv", HEADER + rows)
    assert values(got)["VX/2007-04-18.settle"] == [13.33, 13.38]


def test_a_mixture_of_both_units_before_that_day_refuses_the_file(read):
    rows = "03/22/2007,J (Apr 07),134,135.5,133,133.5,133.3,-0.3,369,0,1\n"
    rows += "03/23/2007,J (Apr 07),134,135.5,133,133.5,13.3,-0.3,369,0,1\n"
    with pytest.raises(RefusedError, match="partly ten times the index"):
        read("CFE_J07_VX.csv", HEADER + rows)


def test_a_settlement_of_zero_is_no_price_and_said(read):
    got = read("VX_2013-06-19.csv", HEADER + "2013-01-02,M (Jun 2013),0,0,0,20.1,0.0,0,5,0,9\n")
    assert "VX/2013-06-19.settle" not in values(got)
    assert values(got)["VX/2013-06-19.close"] == [20.1]
    (finding,) = got.findings
    assert finding.defect is Defect.ZERO_SETTLE
    assert "1 of them with a last trade" in finding.detail


def test_many_contracts_in_one_table(read):
    text = "contract_file," + HEADER
    text += "VX_2018-02-21.csv,2018-02-05,G (Feb 2018),30,31,29,30,30.5,1,5,0,9\n"
    text += "VX_2018-03-21.csv,2018-02-05,H (Mar 2018),27,28,26,27,27.975,1,500,0,90\n"
    got = values(read("joined.csv", text))
    assert got["VXW/2018-02-21.settle"] == [30.5]
    assert got["VX/2018-03-21.settle"] == [27.975]


def test_a_row_after_settlement_refuses_the_file(read):
    with pytest.raises(RefusedError, match="after its final settlement on 2020-03-18"):
        read("VX_2020-03-18.csv", HEADER + "2020-03-19,H (Mar 2020),60,75,59,73,72.6,5,100,0,900\n")


def test_a_file_that_names_no_contract_is_refused(read):
    with pytest.raises(RefusedError, match="does not name a contract"):
        read("prices.csv", HEADER + "2020-03-16,H (Mar 2020),60,75,59,73,72.6,5,100,0,900\n")


def test_a_table_by_month_is_settlements_of_monthlies(read):
    got = read("wide.csv", "Trade Date,2008_01,2008_02\n2008-01-02,23.86,24.49\n2008-01-03,,24.52\n")
    assert values(got) == {"VX/2008-01-16.settle": [23.86], "VX/2008-02-19.settle": [24.49, 24.52]}


def test_final_settlements_of_other_products_are_said_not_imported(read):
    header = "Symbol,SettlementMonth,SettlementYear,ProductType,SettlementDate,SettlementPrice,ProductDescription\n"
    rows = "BX,11,2006,Standard,,787.73,x\nVX,6,2004,Standard,,139.97,x\nVX,11,2008,Standard,,67.22,x\n"
    got = read("final.csv", header + rows)
    assert values(got) == {"VX/2004-06-16.final": [13.997], "VX/2008-11-19.final": [67.22]}
    assert "1 rows of other products" in got.findings[0].detail
