"""Small writable chain files: optopsy rows that a test can bend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

HEADER = "underlying_symbol,underlying_price,option_type,expiration,quote_date,strike,bid,ask,delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One quote as optopsy writes it; every field is text so that a test can break it."""

    day: str = "2024-03-14"
    expiry: str = "2024-04-19"
    strike: str = "5000"
    right: str = "c"
    bid: str = "200.3"
    ask: str = "201.0"
    spot: str = "5150.5"
    symbol: str = "SPX"

    def but(self, **changes: str) -> Row:
        return replace(self, **changes)

    @property
    def text(self) -> str:
        cells = (self.symbol, self.spot, self.right, self.expiry, self.day, self.strike, self.bid, self.ask, "0.5")
        return ",".join(cells)


def optopsy_text(rows: list[Row]) -> str:
    """A whole file."""
    return "\n".join([HEADER, *(row.text for row in rows)]) + "\n"


def calls(day: str, bids: list[float], *, first: float = 5000.0, **changes: str) -> list[Row]:
    """Calls fifty points apart, a point wide."""
    return [
        Row(day=day, strike=f"{first + 50 * place:g}", bid=f"{bid:g}", ask=f"{bid + 1:g}").but(**changes)
        for place, bid in enumerate(bids)
    ]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, the lock aside."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
