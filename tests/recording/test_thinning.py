import numpy as np
import pytest

from netviz.recording.thinning import log_spaced


@pytest.mark.parametrize(("length", "keep"), [(10, 2), (10, 9), (1000, 30), (5000, 200), (7, 5)])
def test_as_many_as_wanted_are_kept_the_first_and_the_last_among_them(
    length: int, keep: int
) -> None:
    chosen = log_spaced(range(length), keep)
    assert len(chosen) == len(set(chosen)) == keep
    assert chosen == sorted(chosen)
    assert (chosen[0], chosen[-1]) == (0, length - 1)


def test_distances_grow_by_a_constant_factor_where_steps_are_fine_enough() -> None:
    steps = np.array(log_spaced(range(100_001), 100))
    ratios = np.log1p(steps[50:])
    np.testing.assert_allclose(np.diff(ratios), np.log(100_001) / 99, rtol=0.05)


def test_it_goes_by_the_step_not_by_its_place() -> None:
    steps = [0, 1, 2, 3, 1000, 2000, 4000, 8000]
    assert log_spaced(steps, 3) == [0, 4, 7]


def test_a_run_that_began_late_is_thinned_from_its_beginning() -> None:
    assert log_spaced(range(5000, 6000), 20) == log_spaced(range(1000), 20)


def test_few_are_all_kept() -> None:
    assert log_spaced([0, 5, 9], 3) == log_spaced([0, 5, 9], 7) == [0, 1, 2]


def test_less_than_two_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="the first and the last step are kept; found 1"):
        log_spaced([0, 1, 2], 1)
