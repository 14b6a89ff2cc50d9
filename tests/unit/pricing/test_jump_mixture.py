"""Merton's jump diffusion as a Poisson mixture of Black prices: the kernel where prices span many sizes."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from alvh.pricing.black76 import price


@pytest.mark.shared
def test_merton_quotes_are_met(shared_reference: Path) -> None:
    given = json.loads((shared_reference / "merton_vix_skew.json").read_text())
    for case in given["cases"]:
        t, jump, scatter = case["T"], case["muJ"], case["sigJ"]
        jumps = np.arange(60)
        mean = case["lam"] * t
        weight = np.array([math.exp(-mean + n * math.log(mean) - math.lgamma(n + 1)) for n in jumps])
        lift = math.expm1(jump + 0.5 * scatter**2)
        level = given["S"] * math.exp((given["r"] - given["q"]) * t)
        forward = level * np.exp(-mean * lift + jumps * (jump + 0.5 * scatter**2))
        vol = np.sqrt(case["sigma"] ** 2 + jumps * scatter**2 / t)
        discount = math.exp(-given["r"] * t)
        for quote in case["quotes"]:
            for right in ("put", "call"):
                got = float(weight @ price(forward, float(quote["K"]), t, vol, right == "put", discount))
                assert got == pytest.approx(float(quote[right]), rel=1e-10)
