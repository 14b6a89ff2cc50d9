from __future__ import annotations

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.research.condor_scan import ScanCounts, ScanParameters, ScanResult, ScanTrades, scan_days
from fakes.quote_rows import quote_batch, quote_rows


def result(dte: list[int], short: list[float], pnl: list[float]) -> ScanResult:
    n = len(dte)
    expiry = np.full(n, np.datetime64("2021-04-02"))
    delta = np.array([[-0.05, -size, size, 0.05] for size in short])
    trades = ScanTrades(
        entry=expiry - np.array(dte),
        exit=expiry - 21,
        expiry=expiry,
        root=np.zeros(n, np.int64),
        roots=("SPX",),
        strike=np.tile([90.0, 95.0, 105.0, 112.0], (n, 1)),
        delta=delta,
        credit=np.array(pnl) + 1.0,
        cost=np.ones(n),
    )
    return ScanResult(
        parameters=ScanParameters(), trades=trades, counts=ScanCounts(traded=n, offered=n), first=None, last=None
    )


def test_buckets_are_cut_by_days_and_delta() -> None:
    buckets = result([22, 28, 29, 45], [0.16, 0.17, 0.16, 0.16], [1.0, -2.0, 3.0, 4.0]).distribution()
    assert [(b.dte_from, b.dte_to, b.delta_from, b.delta_to, b.trades) for b in buckets] == [
        (22, 28, 0.16, 0.18, 2),
        (29, 35, 0.16, 0.18, 1),
        (43, 45, 0.16, 0.18, 1),
    ]


def test_a_delta_on_the_edge_falls_into_the_upper_range() -> None:
    for edge in (0.14, 0.16, 0.18, 0.28):
        assert result([30], [edge], [1.0]).distribution()[0].delta_from == edge


def test_the_numbers_of_a_bucket() -> None:
    (bucket,) = result([30, 30, 30, 30], [0.16] * 4, [-4.0, 0.0, 1.0, 2.0]).distribution()
    assert (bucket.total, bucket.mean, bucket.worst, bucket.best) == (-1.0, -0.25, -4.0, 2.0)
    assert (bucket.lower_quartile, bucket.median, bucket.upper_quartile) == (-1.0, 0.5, 1.25)
    assert bucket.deviation == pytest.approx(2.629956)
    assert bucket.won == 0.5


def test_a_single_condor_has_no_deviation() -> None:
    assert result([30], [0.16], [1.0]).distribution()[0].deviation is None


@pytest.mark.parametrize("width", [{"days": 0}, {"delta": 0.0}])
def test_ranges_without_width_are_refused(width: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="no width"):
        result([30], [0.16], [1.0]).distribution(**width)


def test_buckets_share_out_every_trade() -> None:
    found = scan_days([quote_batch(quote_rows(80))])
    buckets = found.distribution()
    assert sum(bucket.trades for bucket in buckets) == found.counts.traded
    assert sum(bucket.total for bucket in buckets) == pytest.approx(found.total)


def test_frame_has_one_row_a_trade() -> None:
    found = scan_days([quote_batch(quote_rows(80))], roots=("SPX",))
    frame = found.trades.frame()
    assert frame.height == len(found.trades) == found.counts.traded
    assert frame["pnl"].sum() == pytest.approx(found.total)
    assert (frame["long_put"] < frame["short_put"]).all()
    assert (frame["short_call"] < frame["long_call"]).all()


def test_trades_stand_in_order_of_entry_and_expiry() -> None:
    frame = scan_days([quote_batch(quote_rows(80))], roots=("SPX",)).trades.frame()
    assert frame.equals(frame.sort("entry", "root", "expiry"))


def test_width_is_the_wider_wing() -> None:
    assert result([30], [0.16], [1.0]).trades.width.tolist() == [7.0]
