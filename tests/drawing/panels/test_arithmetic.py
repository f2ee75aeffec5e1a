"""Products in rows: aligned columns, sums of the core, long tables cut short, rankings by size."""

from __future__ import annotations

import numpy as np
import pytest
from manim import VMobject

from netviz.core import Network, forward
from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.arithmetic import (
    MAX_RANKED,
    MAX_ROWS,
    Factors,
    GradientRanking,
    ProductTable,
    WeightGradient,
)
from netviz.problems import PartError, ProblemError
from netviz.theme import DARK_THEME

FEW, MANY = 5, 10


def table(terms: int, **options: object) -> tuple[ProductTable, np.ndarray, float]:
    """The weighted sum of one neuron, its contributions and its z."""
    network = Network.random([terms, 1], "tanh", "normal", rng=terms)
    record = forward(network, np.linspace(-1.2, 12.5, terms)).layers[0]
    products = record.contributions[0]
    made = ProductTable(
        "Z_1 = W_(1,1) dot a_1 + dots.c",
        Factors(record.weights[0], DARK_THEME.text),
        Factors(record.incoming, DARK_THEME.input, signed=False),
        Factors(products, DARK_THEME.forward, decimals=3),
        **options,
    )
    return made, products, float(record.z[0])


def shown_sum(made: ProductTable) -> float:
    pairs = [pair[1] for pair in (made.rest, made.extra) if len(pair) > 1]
    return sum(number.value for number in (*(row.product for row in made.rows), *pairs))


@pytest.mark.parametrize("terms", [1, FEW, MAX_ROWS, MAX_ROWS + 1, MANY])
def test_what_is_shown_adds_up_to_the_total(terms: int) -> None:
    made, _, z = table(terms, extra=('"Bias" =', 0.25), total=("Z_1 =", 0.0))
    assert made.total.value == 0.0
    made, products, z = table(terms, extra=('"Bias" =', 0.25), total=("Z_1 =", z + 0.25))
    assert shown_sum(made) == pytest.approx(made.total.value)
    assert made.total.value == pytest.approx(products.sum() + 0.25)


def test_few_terms_are_all_shown_and_many_are_cut_short() -> None:
    few, products, _ = table(FEW, total=("Z_1 =", 0.0))
    assert [row.product.value for row in few.rows] == list(products)
    assert len(few.rest) == 0
    many, products, _ = table(MANY, total=("Z_1 =", 0.0))
    shown = len(many.rows)
    assert shown < MAX_ROWS
    assert many.rest[0].text == f"⋯ {MANY - shown} ⋯"
    assert many.rest[1].value == pytest.approx(products[shown:].sum())


def test_without_a_sum_the_rest_has_no_number() -> None:
    many, *_ = table(MANY)
    assert len(many.rest) == 1
    with pytest.raises(PartError, match="total is not part of this table; give total="):
        many.total  # noqa: B018


def test_with_heights_every_row_is_shown_at_its_height() -> None:
    heights = list(np.linspace(3, -2, MANY))
    many, *_ = table(MANY, heights=heights)
    assert [row.product.get_y() for row in many.rows] == pytest.approx(heights, abs=1e-6)


def right_ends(parts: list[VMobject]) -> list[float]:
    return [float(part.get_right()[0]) for part in parts]


@pytest.mark.parametrize("terms", [FEW, MANY])
def test_columns_end_on_one_line(terms: int) -> None:
    made, *_ = table(terms, extra=('"Bias" =', -0.25), total=("Z_1 =", -31.5))
    for column in range(5):
        ends = right_ends([row[column] for row in made.rows])
        assert ends == pytest.approx([ends[0]] * len(ends), abs=1e-6)
    numbers = [made.rows[0].product, made.extra[1], made.total]
    numbers += [made.rest[1]] if terms == MANY else []
    ends = right_ends(numbers)
    assert ends == pytest.approx([ends[0]] * len(ends), abs=1e-6)


@pytest.mark.parametrize("terms", [1, FEW, MANY])
def test_a_table_reads_downwards_inside_its_box(terms: int) -> None:
    made, *_ = table(terms, extra=('"Bias" =', -0.25), total=("Z_1 =", -31.5))
    pairs = [pair for pair in (made.rest, made.extra) if len(pair)]
    lines = [made.heading, *made.rows, *pairs, made.footer[0], made.footer[2]]
    heights = [line.get_y() for line in lines]
    assert heights == sorted(heights, reverse=True)
    assert made.get_top()[1] <= RIGHT_BOX.top + 1e-6
    assert made.get_bottom()[1] >= RIGHT_BOX.bottom
    assert RIGHT_BOX.left - 0.15 <= made.get_left()[0]
    assert made.get_right()[0] <= RIGHT_BOX.right + 0.15


def test_a_row_has_two_factors_and_their_product() -> None:
    made, products, _ = table(FEW)
    row = made.rows[2]
    assert row.left.value * row.right.value == pytest.approx(row.product.value)
    assert row.product.value == products[2]
    assert row.product.text.startswith(("+", "−"))
    assert row.right.get_fill_color().to_hex() == DARK_THEME.input


def test_columns_of_different_lengths_are_refused() -> None:
    one, two = Factors([1.0], DARK_THEME.text), Factors([1.0, 2.0], DARK_THEME.text)
    with pytest.raises(ProblemError, match=r"left.values has 1 entries: expected 2, one for each"):
        ProductTable("x", one, two, two)
    with pytest.raises(ProblemError, match=r"heights has 1 entries: expected 2, one for each row"):
        ProductTable("x", two, two, two, heights=[0.0])
    none = Factors([], DARK_THEME.text)
    with pytest.raises(ProblemError, match="products is"):
        ProductTable("x", none, none, none)


# ---- rankings ------------------------------------------------------------------------------------

ACTIVATIONS, BLAME = [0.9, 0.1, -0.8, 0.2, 0.6, 0.05, -0.95], -0.2


def ranking(count: int) -> GradientRanking:
    gradients = [
        WeightGradient(f"W_({k + 1},1)", a, BLAME, a * BLAME, DARK_THEME.input)
        for k, a in enumerate(ACTIVATIONS[:count])
    ]
    return GradientRanking("a dot delta", gradients)


@pytest.mark.parametrize("count", [1, 3, 7])
def test_the_largest_gradients_come_first(count: int) -> None:
    made = ranking(count)
    sizes = [abs(row.product.value) for row in made.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert len(made.rows) == min(count, MAX_RANKED)
    expected = sorted(range(count), key=lambda k: -abs(ACTIVATIONS[k]))[:MAX_RANKED]
    assert made.order == expected
    assert [name.typst_code for name in made.names] == [
        f"$ upright(W_({k + 1},1)) $" for k in expected
    ]


def test_bars_are_proportional_to_the_gradients() -> None:
    made = ranking(5)
    lengths = [bar.width / made.bars[0].width for bar in made.bars]
    shares = [row.product.value / made.rows[0].product.value for row in made.rows]
    assert lengths == pytest.approx([abs(share) for share in shares], abs=0.02)
    starts = [bar.get_left()[0] for bar in made.bars]
    assert starts == pytest.approx([starts[0]] * len(starts))


def test_products_of_a_ranking_are_aligned() -> None:
    made = ranking(5)
    for row in made.rows:
        assert row.left.value * row.right.value == pytest.approx(row.product.value)
    ends = [row.product.get_right()[0] for row in made.rows]
    assert ends == pytest.approx([ends[0]] * len(ends), abs=1e-6)


def test_gradients_of_zero_are_shown() -> None:
    gradients = [WeightGradient("W", 0.0, 0.0, 0.0, DARK_THEME.input) for _ in range(2)]
    made = GradientRanking("a dot delta", gradients)
    assert [row.product.text for row in made.rows] == ["0", "0"]
    with pytest.raises(ProblemError, match=r"gradients is .*: expected one or more"):
        GradientRanking("a dot delta", [])


def test_bars_of_negative_gradients_are_dashed() -> None:
    pieces = [len(bar.get_subpaths()) for bar in ranking(5).bars]
    signs = [row.product.value < 0 for row in ranking(5).rows]
    assert [count > 1 for count in pieces] == signs
