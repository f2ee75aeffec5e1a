"""The ranking of corrections: sorted by size, each number the product of the two before it."""

from __future__ import annotations

import pytest

from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.ranking import MAX_ROWS, Correction, GradientRanking
from netviz.theme import DARK_THEME

ACTIVATIONS, BLAME = [0.9, 0.1, -0.8, 0.2, 0.6, 0.05, -0.95], -0.2


def ranking(count: int) -> GradientRanking:
    corrections = [
        Correction(f"W_({k + 1},1)", a, BLAME, a * BLAME, DARK_THEME.input)
        for k, a in enumerate(ACTIVATIONS[:count])
    ]
    return GradientRanking("a dot delta", corrections, theme=DARK_THEME, box=RIGHT_BOX)


@pytest.mark.parametrize("count", [1, 3, 7])
def test_the_largest_corrections_come_first(count: int) -> None:
    made = ranking(count)
    sizes = [abs(row.product.value) for row in made.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert len(made.rows) == min(count, MAX_ROWS)
    expected = sorted(range(count), key=lambda k: -abs(ACTIVATIONS[k]))[:MAX_ROWS]
    assert made.order == expected
    assert [name.typst_code for name in made.names] == [f"$ W_({k + 1},1) $" for k in expected]


def test_bars_are_as_long_as_the_corrections_are_large() -> None:
    made = ranking(5)
    lengths = [bar.width / made.bars[0].width for bar in made.bars]
    shares = [row.product.value / made.rows[0].product.value for row in made.rows]
    assert lengths == pytest.approx([abs(share) for share in shares], abs=0.02)
    starts = [bar.get_left()[0] for bar in made.bars]
    assert starts == pytest.approx([starts[0]] * len(starts))


def test_products_are_the_cores_and_end_on_one_line() -> None:
    made = ranking(5)
    for row in made.rows:
        assert row.left.value * row.right.value == pytest.approx(row.product.value)
    ends = [row.product.get_right()[0] for row in made.rows]
    assert ends == pytest.approx([ends[0]] * len(ends), abs=1e-6)


def test_nothing_corrects_nothing() -> None:
    corrections = [Correction("W", 0.0, 0.0, 0.0, DARK_THEME.input) for _ in range(2)]
    made = GradientRanking("a dot delta", corrections, theme=DARK_THEME, box=RIGHT_BOX)
    assert [row.product.text for row in made.rows] == ["0.000", "0.000"]
