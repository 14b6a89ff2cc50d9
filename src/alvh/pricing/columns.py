"""Columns as the compiled kernels want them: float64, contiguous, writeable, one length.

A kernel is compiled once per layout of its arguments, so scalars, integers, strided and read-only arrays are brought
to one layout here instead of costing a second compilation each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh.core.arrays import B1, F8
from alvh.core.errors import UsageError

_Scalar = TypeVar("_Scalar", bound=np.generic)

F8_KIND = np.dtype(np.float64)
B1_KIND = np.dtype(np.bool_)
_NAMES = ("forward", "strike", "tau", "vol", "discount")
_LEAST = float(np.finfo(np.float64).tiny)
_MOST = float(np.finfo(np.float64).max)


def columns(*values: ArrayLike, is_put: ArrayLike) -> tuple[list[F8], B1]:
    """Bring scalars and arrays to columns of one length.

    Raises
    ------
    UsageError
        The arrays differ in length or have more than one dimension.
    """
    if isinstance(is_put, np.ndarray) and _are_columns(values, is_put):
        return list(values), is_put
    arrays = [np.asarray(value) for value in values]
    flags = np.asarray(is_put)
    size = _common_size([*arrays, flags])
    return [_column(array, size, F8_KIND) for array in arrays], _column(flags, size, B1_KIND)


def _are_columns(values: tuple[ArrayLike, ...], is_put: NDArray[Any]) -> TypeGuard[tuple[F8, ...]]:
    """Whether everything is a column already, as on every day of a backtest; says so in a microsecond."""
    shape = is_put.shape
    if is_put.ndim != 1 or not _is_column(is_put, shape, B1_KIND):
        return False
    return all(isinstance(value, np.ndarray) and _is_column(value, shape, F8_KIND) for value in values)


def _is_column(array: NDArray[Any], shape: tuple[int, ...], kind: np.dtype[Any]) -> bool:
    return array.dtype is kind and array.shape == shape and array.flags.carray


def _common_size(arrays: Sequence[NDArray[Any]]) -> int:
    shapes = {array.shape for array in arrays if array.ndim}
    if any(len(shape) > 1 for shape in shapes) or len({shape[0] for shape in shapes} - {1}) > 1:
        raise UsageError(
            f"option columns of shapes {sorted(shapes)} were given where scalars and arrays of one length are needed.",
            where="pricing",
            fix="Pass one-dimensional arrays of equal length.",
        )
    sizes = {shape[0] for shape in shapes}
    return next(iter(sizes - {1}), 1)


def _column(array: NDArray[Any], size: int, kind: np.dtype[_Scalar]) -> NDArray[_Scalar]:
    flags = array.flags
    if array.dtype == kind and array.shape == (size,) and flags.c_contiguous and flags.writeable:
        return array
    filled = np.empty(size, dtype=kind)
    filled[...] = array
    return filled


def output(out: NDArray[Any] | None, shape: tuple[int, ...], kind: np.dtype[_Scalar]) -> NDArray[_Scalar]:
    """Return the caller's array to fill, or a new one.

    Raises
    ------
    UsageError
        The array given has another shape, type or layout than the kernel fills.
    """
    if out is None:
        return np.empty(shape, dtype=kind)
    if out.shape != shape or out.dtype != kind or not out.flags.carray:
        raise UsageError(
            f"out is {out.dtype} of shape {out.shape} where writeable, contiguous {kind} of shape {shape} is needed.",
            where="pricing",
            fix=f"Make it with numpy.empty({shape}).",
        )
    return out


def check_threads(threads: int) -> int:
    """Return the number of threads asked for.

    Raises
    ------
    UsageError
        It is not positive.
    """
    if threads < 1:
        raise UsageError(
            f"threads is {threads!r} where 1 or more is needed.", where="pricing", fix="Ask for 1, the default."
        )
    return threads


def refuse_broken_options(table: Sequence[F8], least_level: float, most_level: float) -> None:
    """Raise for the first option whose inputs no formula can use; do nothing where all are sound.

    Parameters
    ----------
    table : five (n,) arrays
        Forward, strike, tau, vol, discount.
    least_level, most_level : float, points
        Range of forwards and strikes.
    """
    level, amount, factor = (least_level, most_level), (0.0, _MOST), (_LEAST, _MOST)
    for name, column, (low, high) in zip(_NAMES, table, (level, level, amount, amount, factor), strict=True):
        broken = ~((column >= low) & (column <= high))
        if broken.any():
            place = int(np.argmax(broken))
            needed = "zero or a positive number" if low == 0.0 else "a positive number"
            raise UsageError(
                f"{name} is {float(column[place])!r} where {needed} is needed.",
                where=f"option {place} of {column.size}",
                fix="Drop the option or repair its input before pricing.",
            )
