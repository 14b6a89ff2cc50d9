"""Array types: float64 for marks and models, booleans for masks, small integers for statuses."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

F8: TypeAlias = NDArray[np.float64]
I8: TypeAlias = NDArray[np.int64]
I4: TypeAlias = NDArray[np.int32]
I1: TypeAlias = NDArray[np.int8]
B1: TypeAlias = NDArray[np.bool_]
D8: TypeAlias = NDArray[np.datetime64]


def frozen(array: NDArray[np.generic]) -> None:
    """Forbid writing to an array that leaves its maker."""
    array.flags.writeable = False
