"""Random numbers by counting: number i of a stream is a function of (seed, stream, i) and of nothing else.

Whatever the order in which paths are computed, on however many threads, path i at step j sees the same numbers. The
counter is spread by the golden-ratio increment and mixed by two rounds of multiply and shift (the SplitMix64
finaliser, with the constants of Stafford's thirteenth variant); a stream starts where its own key puts it.

One 64-bit word makes two normals (Box and Muller): 40 bits give the radius, which reaches 7.5 standard deviations, and
24 bits the angle. Sine and cosine come from one polynomial each over a quarter turn (worst error 1e-12), so that the
loop over paths holds no calls and compiles to vector code.

References
----------
.. [1] Steele, G., Lea, D., Flood, C. (2014). Fast splittable pseudorandom number generators. OOPSLA.
"""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled, inlined
from alvh.pricing.normal import logarithm

__all__ = ["normal_pair", "normals", "stream_key", "uniform", "uniforms", "word"]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_S24, _S12 = np.uint64(24), np.uint64(12)
_LOW24 = np.uint64((1 << 24) - 1)
_TWO_M40, _TWO_M52, _TWO_M24 = 2.0**-40, 2.0**-52, 2.0**-24
_QUARTER_PI = math.pi / 4.0
# Taylor coefficients of sin and cos; arguments stay within an eighth of a turn, where the next term is below 1e-13.
_SIN = tuple((-1.0) ** n / math.factorial(2 * n + 1) for n in range(6, -1, -1))
_COS = tuple((-1.0) ** n / math.factorial(2 * n) for n in range(6, -1, -1))


@inlined
def word(key: np.uint64, counter: np.uint64) -> np.uint64:
    """Return 64 random bits."""
    z = key + counter * _GOLDEN
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@compiled
def stream_key(seed: int, stream: int) -> np.uint64:
    """Return the key of one stream of one seed; keys of different pairs are unrelated 64-bit numbers."""
    inner = word(np.uint64(0x6A09E667F3BCC909), np.uint64(seed))
    return word(inner, np.uint64(stream) + np.uint64(1))


@inlined
def uniform(key: np.uint64, counter: np.uint64) -> float:
    """Return a uniform number strictly between 0 and 1."""
    return (np.float64(np.int64(word(key, counter) >> _S12)) + 0.5) * _TWO_M52


@inlined
def normal_pair(key: np.uint64, counter: np.uint64) -> tuple[float, float]:
    """Return two independent standard normal numbers."""
    bits = word(key, counter)
    radius = math.sqrt(-2.0 * logarithm((np.float64(np.int64(bits >> _S24)) + 0.5) * _TWO_M40))
    # The angle in turns, folded to an eighth: sin and cos change places beyond it.
    turn = np.float64(np.int64(bits & _LOW24)) * (8.0 * _TWO_M24)
    octant = math.floor(turn)
    part = (turn - octant) * _QUARTER_PI
    square = part * part
    s = 0.0
    for c in _SIN:
        s = s * square + c
    s *= part
    k = 0.0
    for c in _COS:
        k = k * square + c
    # Rotating by whole eighths: even ones swap and negate, odd ones mix the two with equal weights.
    whole = np.int64(octant)
    odd = (whole & 1) == 1
    half = math.sqrt(0.5)
    sine = (s + k) * half if odd else s
    cosine = (k - s) * half if odd else k
    quarter = whole >> 1
    swap = (quarter & 1) == 1
    first = -sine if swap else cosine
    second = cosine if swap else sine
    sign = -radius if quarter >= 2 else radius
    return sign * first, sign * second


@compiled
def uniforms(seed: int, stream: int, first: int, count: int) -> F8:
    """Return numbers `first` .. `first + count - 1` of a stream, uniform on (0, 1)."""
    key = stream_key(seed, stream)
    out = np.empty(count)
    for i in range(count):
        out[i] = uniform(key, np.uint64(first + i))
    return out


@compiled
def normals(seed: int, stream: int, first: int, count: int) -> F8:
    """Return numbers `first` .. `first + count - 1` of a stream, standard normal.

    Number 2 i and number 2 i + 1 come from word i of the stream.
    """
    key = stream_key(seed, stream)
    out = np.empty(count)
    for i in range(count):
        place = first + i
        one, other = normal_pair(key, np.uint64(place >> 1))
        out[i] = other if place & 1 else one
    return out
