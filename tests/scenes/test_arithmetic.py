"""The check with a calculator finds what is printed wrong, and nothing else."""

from __future__ import annotations

import pytest
from manim import RIGHT, VGroup

from netviz.core import backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.panels.arithmetic import Factors, ProductTable
from netviz.drawing.text import Number, TextLabel
from netviz.spec import load
from netviz.theme import DARK_THEME

from .arithmetic import complaints, lines, of_line
from .screen import Screen

EXAMPLE = load("5-2-2-5")
TRACE = forward(EXAMPLE.network, EXAMPLE.input)
BLAME = backward(EXAMPLE.network, TRACE, EXAMPLE.target, EXAMPLE.loss)


def forward_sum() -> tuple[NetworkDiagram, EdgeSum]:
    diagram = NetworkDiagram(EXAMPLE.network, box="stage").show_activations(TRACE, layers=0)
    diagram.open_gap(0)
    return diagram, EdgeSum(diagram, TRACE, 1, 0).show_all()


def found(*mobjects: VGroup) -> list[str]:
    return list(complaints(Screen(mobjects, DARK_THEME.background)))


@pytest.mark.parametrize(
    "line",
    [
        "0.90×+0.44=+0.40",
        "0.90×+0.44=+0.39",  # one unit off
        "−0.34·−0.34=0.12",
        "(−0.34)²=0.116",
        "0.66−1=−0.34",
        "0.40+0.05−1.18−0.08+0.85+1.13=+1.17",
        "0.40+0.05−1.18−0.08+0.85+1.13=+1.16",
        "12.3k×2=24.6k",
        "2/5×0.641=+0.256",
        "2/6×(−0.690)=−0.230",
        "1.50−0.05×+22.4=0.38",
        "4.0e−5×2=8.0e−5",
        "σ(+1.17)=0.76",
        "tanh(−0.5)=−0.46",
        "ReLU(−3)=0",
        "loss=0.292",
        "2×3",
        "a=0.5+b",
    ],
)
def test_what_a_calculator_says_is_right(line: str) -> None:
    assert list(of_line(line)) == []


@pytest.mark.parametrize(
    "line",
    [
        "0.118×0.208=0.027",
        "1.77×0.053=0.090",
        "(−0.34)²=0.13",
        "0.34²=0.11804",
        "0.66−1=0.34",
        "0.40+0.05−1.18=0.73",
        "12.3k×2=24.6M",
        "2/5×0.641=+0.641",
        "2/6×(−0.690)=+0.230",
        "1.50−0.05×+22.4=0.35",
        "4.0e−5×2=0",
        "σ(+1.17)=0.79",
    ],
)
def test_what_a_calculator_contradicts_is_found(line: str) -> None:
    (sentence,) = of_line(line)
    assert "a calculator says" in sentence


def test_texts_next_to_each_other_are_read_as_one_line() -> None:
    row = VGroup(
        Number(0.34, DARK_THEME),
        TextLabel("×", DARK_THEME),
        Number(2, DARK_THEME, decimals=0),
        TextLabel("=", DARK_THEME),
        Number(0.78, DARK_THEME),
    ).arrange(RIGHT, buff=0.1)
    apart = TextLabel("input", DARK_THEME).shift(3 * RIGHT)
    screen = Screen([row, apart], DARK_THEME.background)
    assert list(lines(screen.texts)) == ["0.34×2=0.78", "input"]
    (sentence,) = complaints(screen)
    assert sentence == "0.34×2 = 0.78, says the screen; a calculator says 0.68"


def test_the_products_and_the_sum_on_the_edges_are_read() -> None:
    diagram, edge_sum = forward_sum()
    assert found(diagram, edge_sum) == []
    edge_sum.products[1].texts[-1].show(0.05, "+0.08")
    edge_sum.sum.show(edge_sum.total, "+1.31")
    one, other = found(diagram, edge_sum)
    assert one == "0.10 × +0.53 = +0.08, says the screen; a calculator says 0.053"
    assert other.startswith("+0.40 +0.08 ")


def test_the_factor_is_the_number_that_stands_in_the_neuron() -> None:
    diagram, edge_sum = forward_sum()
    diagram.neuron(0, 0).value_text.show(0.9, "0.80")
    (sentence,) = found(diagram, edge_sum)
    assert sentence.startswith("0.80 × +0.44 = +0.40")


def test_the_shares_of_a_blame_are_read() -> None:
    diagram = NetworkDiagram(EXAMPLE.network, box="stage")
    diagram.show_activations(TRACE).show_blame(BLAME, layers=[3]).open_gap(2, back=True)
    edge_sum = EdgeSum(diagram, BLAME, 2, 0).show_all()
    edge_sum.products[0].texts[-1].show(0.0, "+9.99")
    assert any("= +9.99" in sentence for sentence in found(diagram, edge_sum))


def test_a_table_of_products_is_read() -> None:
    table = ProductTable(
        "x", *(Factors([value], DARK_THEME.text) for value in (0.34, 0.34, 0.1156))
    )
    assert found(table) == []
    table.rows[0].product.show(0.1156, "0.22")
    assert any("= 0.22" in sentence for sentence in found(table))
