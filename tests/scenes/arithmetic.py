"""Check what is printed with a calculator: products, squares, sums and functions.

A reader sees texts, not numbers. Every calculation on screen is read as it is printed, and its
result may differ by one unit of its last digit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.numerals import unit_of, value_of
from netviz.drawing.panels.arithmetic import ProductRow
from netviz.drawing.text import Number

from .reading import is_zero
from .screen import Screen, Written, is_visible, parts_of

PLAIN = r"\d+(?:\.\d+)?(?:[kMGT]|e[+−]?\d+)?"
NUMBER = rf"[+−]?{PLAIN}"
# A number or a fraction of two whole ones, such as 2/5.
FACTOR = rf"(?:[+−]?\d+/\d+|{NUMBER})"
# Sums of products, such as 0.44 − 0.5 × 0.02 = 0.43 or 2/5 × 0.64 = 0.26.
EXPRESSION = re.compile(
    rf"(?<![\d×·.²)(/])({FACTOR}(?:[×·]{FACTOR}|[+−]{PLAIN})+)=({NUMBER})(?![\d×·.²])"
)
TERM = re.compile(rf"{FACTOR}(?:[×·]{FACTOR})*")
# A negative factor stands in parentheses.
ENCLOSED = re.compile(rf"(?<=[×·])\(({NUMBER})\)(?!²)")
SQUARE = re.compile(rf"\(?({NUMBER})\)?²=({NUMBER})(?![\d.])")
FUNCTION = re.compile(rf"(\w+)\(({NUMBER})\)=({NUMBER})(?![\d×·.])")
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "σ": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "ReLU": lambda z: max(z, 0.0),
}
# Units of the last digit by which a printed result may differ.
UNITS = 1.0
# What may be printed as a plain 0.
ZERO = 1e-9
# Texts of one line: difference of their heights, and the gap between two of them, in ems.
LEVEL, GAP = 0.3, 0.75


def complaints(screen: Screen) -> Iterator[str]:
    """Yield every calculation on screen that a calculator contradicts."""
    for mobject in parts_of(screen.family, EdgeSum, ProductRow):
        if isinstance(mobject, EdgeSum):
            yield from of_edge_sum(mobject)
        else:
            parts = mobject.left, mobject.right, mobject.product
            if all(map(is_visible, parts)):
                yield from of_product(*(part.text for part in parts))
    # What stands in a neuron is not part of the line next to it.
    for line in lines(text for text in screen.texts if text.owner is None):
        yield from of_line(line)


def of_edge_sum(edge_sum: EdgeSum) -> Iterator[str]:
    """Check the products on the edges of a neuron, and what they add up to."""
    shown = [line.texts[-1] for line in (*edge_sum.products, *edge_sum.extras, *edge_sum.others)]
    texts = zip(edge_sum.terms, edge_sum.values, edge_sum.weights, edge_sum.products, strict=True)
    for term, value, weight, product in texts:
        numbers = weight.texts[-1], product.texts[-1]
        if all(map(is_visible, numbers)):
            sent = sent_by(edge_sum.diagram, term.edge.address, edge_sum.back) or value.texts[-1]
            factor, result = (number.text for number in numbers)
            # What rounds to zero has no suffix: it is as exact as the column that it stands in.
            exact = max(unit_of(number.text) for number in shown) if is_zero(result) else 0.0
            yield from of_product(sent.text, factor, result, exact)
    if is_visible(edge_sum.sum) and all(map(is_visible, shown)):
        yield from of_sum([number.text for number in shown], edge_sum.sum.text)


def sent_by(diagram: NetworkDiagram, address: tuple[int, int, int], back: bool) -> Number | None:
    """Return the number that a reader sees at the neuron that sends over an edge."""
    layer, source, target = address
    neuron = diagram.neuron(layer + 1, target) if back else diagram.neuron(layer, source)
    number = neuron.blame_text if back else neuron.value_text
    return number if is_visible(number) else None


def lines(texts: Iterable[Written]) -> Iterator[str]:
    """Yield what is written next to each other, from left to right, without spaces."""
    rows: list[list[Written]] = []
    for text in sorted(texts, key=lambda text: text.ink.left):
        for row in rows:
            last = row[-1]
            level = abs(last.middle - text.middle) < LEVEL * text.em
            if level and -0.1 < text.ink.left - last.ink.right < GAP * text.em:
                row.append(text)
                break
        else:
            rows.append([text])
    for row in rows:
        yield "".join(text.text for text in row).replace(" ", "").replace("-", "−")


def of_line(line: str) -> Iterator[str]:
    """Check all calculations in one line of text."""
    line = ENCLOSED.sub(r"\1", line)
    for found in EXPRESSION.finditer(line):
        yield from differing(evaluated(found[1]), found[2], f"{found[1]} = {found[2]}")
    for found in SQUARE.finditer(line):
        yield from of_product(found[1], found[1], found[2])
    for found in FUNCTION.finditer(line):
        name, argument, result = found.groups()
        if name in FUNCTIONS:
            computed = FUNCTIONS[name](value_of(argument))
            yield from differing(computed, result, f"{name}({argument}) = {result}")


def evaluated(expression: str) -> float:
    """Return the value of a sum of products of printed numbers."""
    terms = (re.split("[×·]", term) for term in TERM.findall(expression))
    return sum(math.prod(map(factor, some)) for some in terms)


def factor(text: str) -> float:
    """Return the value of a printed number or fraction."""
    above, _, below = text.partition("/")
    return value_of(above) / value_of(below or "1")


def of_product(one: str, other: str, product: str, exact: float = 0.0) -> Iterator[str]:
    """Check a product, which may be printed less exactly than its own digits say."""
    computed = value_of(one) * value_of(other)
    if abs(computed - value_of(product)) > UNITS * exact:
        yield from differing(computed, product, f"{one} × {other} = {product}")


def of_sum(addends: list[str], total: str) -> Iterator[str]:
    computed = sum(map(value_of, addends))
    yield from differing(computed, total, f"{' '.join(addends)} = {total}")


def differing(computed: float, result: str, calculation: str) -> Iterator[str]:
    allowed = (UNITS + 1e-6) * unit_of(result) if result != "0" else ZERO
    if abs(computed - value_of(result)) > allowed:
        yield f"{calculation}, says the screen; a calculator says {computed:.5g}"
