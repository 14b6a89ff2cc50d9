"""A cell is a value, no value, or a reason to refuse the file; nothing in between."""

import gzip

import numpy as np
import pytest

from alvh.adapters.formats.registry import detect
from alvh.adapters.formats.source import sniff
from alvh.adapters.formats.words import ReadOptions
from alvh.core.errors import RefusedError
from alvh.market.quality import Defect


def only(got, name):
    return next(series for series in got.series if series.name == name)


def test_points_and_blanks_of_fred_are_holidays_without_a_row(read):
    got = read("DGS10.csv", "DATE,DGS10\n2024-01-01,.\n2024-01-02,3.95\n2024-01-03,\n2024-01-04,4.0\n")
    assert only(got, "DGS10").value.tolist() == [3.95, 4.0]
    assert got.rows == 4


def test_negative_yields_are_values(read):
    got = read("DGS1MO.csv", "observation_date,DGS1MO\n2020-03-25,-0.05\n2020-03-26,0\n")
    assert only(got, "DGS1MO").value.tolist() == [-0.05, 0.0]


@pytest.mark.parametrize("cell", ["abc", "nan", "inf", "1e999"])
def test_a_cell_that_is_no_number_refuses_the_file_with_its_place(read, cell):
    with pytest.raises(RefusedError, match=rf'line 3, column "DGS10": "{cell}" is not a finite number'):
        read("DGS10.csv", f"DATE,DGS10\n2024-01-02,3.95\n2024-01-03,{cell}\n")


@pytest.mark.parametrize("cell", ["2024-13-01", "yesterday", "01/03/2024"])
def test_a_cell_that_is_no_day_refuses_the_file_with_its_place(read, cell):
    with pytest.raises(RefusedError, match=r'line 3, column "DATE"'):
        read("DGS10.csv", f"DATE,DGS10\n2024-01-02,3.95\n{cell},4\n")


@pytest.mark.parametrize("cell", ["1/2/24", "1/2/20240"])
def test_a_year_that_cannot_be_refuses_the_file(read, cell):
    with pytest.raises(RefusedError, match="is not a day written mm/dd/yyyy"):
        read("VIX.csv", f"DATE,OPEN,HIGH,LOW,CLOSE\n{cell},13,14,12,13\n")


def test_a_last_line_cut_short_refuses_the_file(read):
    with pytest.raises(RefusedError, match="cut short"):
        read("VIX_History.csv", "DATE,OPEN,HIGH,LOW,CLOSE\n01/02/2024,13,14,12,13\n01/03/2024,13,1")


def test_a_line_with_too_many_cells_refuses_the_file(read):
    with pytest.raises(RefusedError, match=r"line 3: the line has 3 cells where the header has 2"):
        read("x.csv", "date,value\n2024-01-02,1\n2024-01-03,1,5\n2024-01-04,2\n")


def test_a_header_without_rows_refuses_the_file(read):
    with pytest.raises(RefusedError, match="no row under it"):
        read("x.csv", "date,value\n")


def test_a_file_of_holidays_only_refuses_the_file(read):
    with pytest.raises(RefusedError, match="holds a value that can be used"):
        read("DGS10.csv", "DATE,DGS10\n2024-01-01,.\n")


def test_a_truncated_gzip_refuses_the_file(tmp_path):
    text = "date,value\n" + "".join(f"20{year:02d}-01-02,{year / 7:.12f}\n" for year in range(70))
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(text.encode())[:-40])
    (table,) = sniff(path)
    with pytest.raises(RefusedError, match="truncated or damaged"):
        detect(table).read(table, ReadOptions())


def test_dates_out_of_order_refuse_the_file(read):
    with pytest.raises(RefusedError, match="dates out of order: 2024-01-03 comes after 2024-01-05"):
        read("x.csv", "date,value\n2024-01-02,1\n2024-01-05,1\n2024-01-03,1\n2024-01-08,1\n")


def test_newest_first_is_an_order(read):
    got = read("x.csv", "date,value\n2024-01-04,3\n2024-01-03,2\n2024-01-02,1\n")
    assert got.series[0].value.tolist() == [1.0, 2.0, 3.0]


def test_the_same_row_twice_is_kept_once_and_said(read):
    got = read("x.csv", "date,value\n2024-01-02,1\n2024-01-02,1\n2024-01-03,2\n")
    assert got.series[0].value.tolist() == [1.0, 2.0]
    assert [(item.defect, item.count) for item in got.findings] == [(Defect.DUPLICATE, 1)]


def test_two_values_on_one_day_refuse_the_file(read):
    with pytest.raises(RefusedError, match="X has two values on 2024-01-02: 1 and 2"):
        read("x.csv", "date,value\n2024-01-02,1\n2024-01-02,2\n")


def test_a_negative_level_refuses_the_file(read):
    with pytest.raises(RefusedError, match=r'line 3, column "CLOSE": VIX is -13 on 2024-01-03'):
        read("VIX.csv", "DATE,OPEN,HIGH,LOW,CLOSE\n01/02/2024,13,14,12,13\n01/03/2024,13,14,12,-13\n")


def test_a_zero_level_is_no_value_and_said(read):
    got = read("DSPX_History.csv", "DATE,DSPX\n01/02/2024,0\n01/03/2024,12\n")
    assert only(got, "DSPX").value.tolist() == [12.0]
    assert got.findings[0].defect is Defect.MISSING_VALUE


def test_values_on_holidays_are_kept_out_with_a_finding(read):
    got = read("VIX.csv", "DATE,OPEN,HIGH,LOW,CLOSE\n05/27/2022,26,27,25,26\n05/30/2022,26,27,25,26.5\n")
    assert only(got, "VIX").period.tolist() == [np.datetime64("2022-05-27").item()]
    (finding,) = [item for item in got.findings if item.defect is Defect.NOT_A_SESSION]
    assert (finding.subject, finding.count, str(finding.session)) == ("VIX", 1, "2022-05-30")
    assert str(got.days_refused[0][0]) == "2022-05-30"


def test_impossible_levels_of_the_first_vvix_rows_are_kept_out_and_said(read):
    got = read("VVIX_History.csv", "DATE,VVIX\n03/06/2006,71.73\n03/15/2006,15.71\n06/05/2006,80\n")
    assert only(got, "VVIX").value.tolist() == [71.73, 80.0]
    assert [item.defect for item in got.findings] == [Defect.IMPLAUSIBLE]


def test_arrays_of_a_series_are_read_only(read):
    got = read("x.csv", "date,value\n2024-01-02,1\n")
    with pytest.raises(ValueError, match="read-only"):
        got.series[0].value[0] = 2.0
