from __future__ import annotations

from alvh.book.identity import Remembered


def test_an_equal_object_is_another_object():
    calls = []
    length = Remembered(lambda key: calls.append(key) or len(key), size=4)
    first, second = (1, 2, 3), tuple(range(1, 4))
    assert (length(first), length(first), length(second)) == (3, 3, 3)
    assert len(calls) == 2


def test_the_store_stays_bounded_and_right():
    double = Remembered(lambda key: key[0] * 2, size=3)
    keys = [(number,) for number in range(50)]
    assert [double(key) for key in keys] == [2 * number for number in range(50)]
    assert [double(key) for key in keys] == [2 * number for number in range(50)]


def test_answers_for_several_objects_are_those_for_each():
    double = Remembered(lambda key: key[0] * 2, size=3)
    keys = [(number,) for number in range(10)]
    assert double.each(keys) == double.each(keys) == [double(key) for key in keys]
    assert double.each([]) == []
