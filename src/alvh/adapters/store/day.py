"""One stored chain, cut out of the map when it is asked for.

Nothing is read, copied or checked here: a day was checked when it was imported, and its file is named by a digest of
its content. A loop over many years that looks at three columns pays for three slices a day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from alvh.adapters.store.blocks import BlockFile
from alvh.adapters.store.manifest import DayEntry
from alvh.core.arrays import B1, F8, I1, I4, I8
from alvh.market.chain import OptionChain, Origin

_EPOCH = date(1970, 1, 1).toordinal()


class StoredDay:
    """A session of one root; n quotes in m expiries, sorted by (expiry, strike, right), calls before puts.

    Each column is a read-only view of the file.
    """

    __slots__ = ("_entry", "_file", "_first", "root", "rows")

    def __init__(self, root: str, entry: DayEntry, file: BlockFile) -> None:
        self.root = root
        self.rows = entry.rows
        self._entry = entry
        self._file = file
        self._first = entry.start >> 3

    @property
    def session(self) -> date:
        """Quote date."""
        return date.fromisoformat(self._entry.session)

    @property
    def strike(self) -> F8:
        """(n,) points."""
        first = self._first
        return self._file.f8[first : first + self.rows]

    @property
    def bid(self) -> F8:
        """(n,) points."""
        first = self._first + self.rows
        return self._file.f8[first : first + self.rows]

    @property
    def ask(self) -> F8:
        """(n,) points; meaningful where `status` is not ABSENT."""
        first = self._first + 2 * self.rows
        return self._file.f8[first : first + self.rows]

    @property
    def iv(self) -> F8:
        """(n,) volatility as the vendor printed it, decimal per year; NaN where the file had none."""
        first = self._first + 3 * self.rows
        return self._file.f8[first : first + self.rows]

    @property
    def delta(self) -> F8:
        """(n,) delta as the vendor printed it, negative for puts; NaN where the file had none."""
        first = self._first + 4 * self.rows
        return self._file.f8[first : first + self.rows]

    @property
    def offsets(self) -> I8:
        """(m + 1,) rows of expiry i are ``offsets[i]:offsets[i + 1]``."""
        first = self._first + 5 * self.rows
        return self._file.i8[first : first + self._entry.expiries + 1]

    @property
    def expiry(self) -> I4:
        """(m,) expiries as days since 1970, ascending."""
        expiries = self._entry.expiries
        first = (self._first + 5 * self.rows + expiries + 1) << 1
        return self._file.i4[first : first + expiries]

    @property
    def dte(self) -> I4:
        """(m,) calendar days from the session to each expiry."""
        return self.expiry - (self.session.toordinal() - _EPOCH)

    @property
    def is_put(self) -> B1:
        """(n,) whether a quote is a put's."""
        first = self._marks()
        return self._file.b1[first : first + self._entry.rows]

    @property
    def status(self) -> I1:
        """(n,) codes of `market.chain.QuoteStatus`."""
        first = self._marks() + self._entry.rows
        return self._file.i1[first : first + self._entry.rows]

    def chain(self) -> OptionChain:
        """Return the day as a chain; its columns are the same views."""
        entry, file, rows, first = self._entry, self._file, self.rows, self._first
        f8 = file.f8
        marks = self._marks()
        return OptionChain(
            root=self.root,
            session=date.fromisoformat(entry.session),
            asof=datetime.fromtimestamp(entry.asof, UTC),
            timed=entry.timed,
            spot=entry.spot,
            origin=Origin.RECORDED,
            expiries=_dates(self.expiry.tobytes()),
            offsets=self.offsets,
            strike=f8[first : first + rows],
            is_put=file.b1[marks : marks + rows],
            bid=f8[first + rows : first + 2 * rows],
            ask=f8[first + 2 * rows : first + 3 * rows],
            status=file.i1[marks + rows : marks + 2 * rows],
        )

    def _marks(self) -> int:
        entry = self._entry
        return entry.start + 40 * entry.rows + 8 * (entry.expiries + 1) + 4 * entry.expiries


@lru_cache(maxsize=1 << 12)
def _dates(days: bytes) -> tuple[date, ...]:
    """Dates of a block's expiries, from their bytes; neighbouring days share most of them."""
    return tuple(
        date.fromordinal(int.from_bytes(days[place : place + 4], "little") + _EPOCH) for place in range(0, len(days), 4)
    )
