"""Products in rows: columns on one line, sums that are the core's, and many terms cut short."""

from __future__ import annotations

import numpy as np
import pytest
from manim import VMobject

from netviz.core import Network, forward
from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.arithmetic import MAX_ROWS, Factors, ProductTable
from netviz.drawing.panels.reckoning import Named, Reckoning
from netviz.drawing.text import Number
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
        theme=DARK_THEME,
        box=RIGHT_BOX,
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
    with pytest.raises(IndexError):
        many.total  # noqa: B018


def test_beside_neurons_every_row_is_shown_at_its_height() -> None:
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


def test_a_row_is_a_question_and_its_product() -> None:
    made, products, _ = table(FEW)
    row = made.rows[2]
    assert row.left.value * row.right.value == pytest.approx(row.product.value)
    assert row.product.value == products[2]
    assert row.product not in row.question.submobjects
    assert row.product.text.startswith(("+", "−"))
    assert row.right.get_fill_color().to_hex() == DARK_THEME.input


def test_a_reckoning_ends_in_its_result() -> None:
    made = Reckoning(
        "delta = e dot s",
        [Named("e", 0.5, DARK_THEME.text), Named("times s", -0.25, DARK_THEME.text, decimals=2)],
        Named("delta", -0.125, DARK_THEME.blame),
        theme=DARK_THEME,
        box=RIGHT_BOX,
    )
    numbers = [pair[1] for pair in (*made.rows, made.result)]
    assert all(isinstance(number, Number) for number in numbers)
    assert [number.text for number in numbers] == ["+0.500", "−0.25", "−0.125"]
    assert right_ends(numbers) == pytest.approx([numbers[0].get_right()[0]] * 3, abs=1e-6)
    assert made.rows[-1].get_y() > made.rule.get_y() > made.result.get_y()
    assert numbers[-1].em > numbers[0].em
