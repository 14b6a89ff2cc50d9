"""The VX forward of one settlement date: what a VIX option is worth money against, never spot VIX."""

from __future__ import annotations

from datetime import date

from alvh.market.view import View


def vx_forward(root: str, expiry: date, view: View) -> float | None:
    """Return the VX forward for a VIX option expiry.

    Returns
    -------
    float or None, VIX points
        From the option slice of the day; else from the VX curve; else spot VIX as a last resort, so that a position
        keeps a size on a day without futures; None when nothing is known.
    """
    quotes = view.slice(root, expiry)
    if quotes is not None:
        return quotes.forward
    curve = view.curve.forward(expiry) if view.curve is not None else None
    return curve if curve is not None else view.vix
