"""What the hedge cost and paid: its P/L by source, and the ten worst weeks."""

from __future__ import annotations

import numpy as np

from alvh.money.hedge import Week, comparable, hedged
from alvh.report.figures.figure import AMBER, BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, Figure, axis, line, rounded
from alvh.report.study import Study
from alvh.report.wording import day, percent, usd


def hedge_figure(made: Study) -> Figure | None:
    """Cumulative P/L of the hedge sleeve, by source, and the difference to the unhedged twin."""
    history = made.history
    if not hedged(history):
        return None
    path = history.hedge
    columns = {
        "hedge.pnl": rounded(path.pnl, 0),
        "hedge.premium": rounded(path.premium, 0),
        "hedge.closing": rounded(path.closing, 0),
        "hedge.settlement": rounded(path.settlement, 0),
        "hedge.fees": rounded(path.fees, 0),
        "hedge.mark": rounded(path.mark, 0),
    }
    traces = [
        line("hedge P/L", "@hedge.pnl", INK, width=2.4),
        line("premiums", "@hedge.premium", ORANGE, width=1.2),
        line("sales", "@hedge.closing", GREEN, width=1.2),
        line("settlements", "@hedge.settlement", SKY, width=1.2),
        line("fees", "@hedge.fees", GREY, width=1.2),
        line("mark", "@hedge.mark", PURPLE, width=1.2, dash="dot"),
    ]
    top = int(np.argmax(path.pnl))
    caption = (
        f"Cumulative USD of the hedge sleeve, whose sum is its P/L: premiums {usd(float(path.premium[-1]))}, sales "
        f"{usd(float(path.closing[-1]))}, settlements {usd(float(path.settlement[-1]))}, fees "
        f"{usd(float(path.fees[-1]))}, mark at the end {usd(float(path.mark[-1]))}; in all "
        f"{usd(float(path.pnl[-1]))}, at best {usd(float(path.pnl[top]))} on {day(history.curve.day(top))}."
    )
    twin = made.twin
    if twin is not None and comparable(history, twin):
        gap = history.equity - twin.equity
        columns["hedge.gap"] = rounded(gap, 0)
        traces.append(line("equity − unhedged", "@hedge.gap", AMBER, width=1.6, dash="dash"))
        caption += (
            f" Dashed: equity less the unhedged twin's, {usd(float(gap[-1]))} USD at the end; it differs from the "
            f"hedge P/L where the hedge changed what condors were sold."
        )
    return Figure(
        key="hedge",
        title="Hedge cost and payoff by source",
        caption=caption,
        traces=traces,
        layout={"yaxis": axis("USD, cumulative", ",.0f")},
        columns=columns,
        height=380,
    )


def weeks_figure(made: Study) -> Figure | None:
    """Bars of the ten worst weeks: unhedged, hedged, and the index."""
    weeks = made.weeks
    if not weeks:
        return None
    labels = [day(week.ending) for week in weeks]
    bars = [] if made.twin is None else [_bar("unhedged", labels, [week.unhedged for week in weeks], ORANGE)]
    bars.append(_bar(made.main.strategy, labels, [week.hedged for week in weeks], BLUE))
    bars.append(_bar("SPX", labels, [week.spx for week in weeks], "#b6bcc6"))
    return Figure(
        key="weeks",
        title=f"The {len(weeks)} worst weeks",
        caption=_caption(made, weeks),
        traces=bars,
        layout={
            "barmode": "group",
            "xaxis": {"type": "category", "tickangle": -35, "title": {"text": "week ending"}},
            "yaxis": axis("return of the week", ".1%"),
        },
        height=340,
    )


def _bar(name: str, labels: list[str], values: list[float | None] | list[float], color: str) -> dict[str, object]:
    shown = [None if value is None else round(value, 5) for value in values]
    return {"type": "bar", "name": name, "x": labels, "y": shown, "marker": {"color": color}}


def _caption(made: Study, weeks: tuple[Week, ...]) -> str:
    chosen = "the unhedged twin" if made.twin is not None else "the condor sleeve"
    hedge, condor = sum(week.hedge for week in weeks), sum(week.condor for week in weeks)
    text = (
        f"The {len(weeks)} worst ISO weeks of {chosen}. In them the condors made {usd(condor)} USD and the hedge "
        f"{usd(hedge)} USD"
    )
    worst = weeks[0]
    text += f"; the worst ended on {day(worst.ending)}: {made.main.strategy} {percent(worst.hedged)}"
    if worst.unhedged is not None:
        text += f", unhedged {percent(worst.unhedged)}"
    return text + f", SPX {percent(worst.spx)}."
