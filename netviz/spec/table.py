"""What every table of a network file is made of: its base, and the types of single values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

UNION_TAGS = ONE, EACH, WORD = "(one)", "(each)", "(word)"  # pydantic puts them into locations
REFUSED, MISMATCH = "refused", "mismatch"  # types of errors of our own


class OneOf:
    """Marks a string as one of the names of a registry, so that the JSON Schema lists them."""

    def __init__(self, names: Iterable[str]) -> None:
        """Keep ``names`` in their order."""
        self.names = list(names)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate as a ``Literal`` of the names would."""
        return core_schema.literal_schema(self.names)


class Written:
    """Marks a string as written in a certain way: a pattern, and the same in words."""

    def __init__(self, pattern: str, expected: str) -> None:
        """Keep the pattern for the JSON Schema and what is said where it does not match."""
        self.pattern, self.expected = pattern, expected

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate as a string of that pattern."""
        return core_schema.custom_error_schema(
            core_schema.str_schema(pattern=self.pattern, strict=True),
            custom_error_type=MISMATCH,
            custom_error_message="",
            custom_error_context={"expected": self.expected},
        )


def one_or_each(value: object) -> str:
    """Which of two types is meant: one value, or an array with one for each."""
    return EACH if isinstance(value, list) else ONE


def number_or_word(value: object) -> str:
    """Which of two types is meant: a number, or the word that stands for none."""
    return WORD if isinstance(value, str) else ONE


Number = Annotated[float, Field(allow_inf_nan=False)]
Vector = Annotated[list[Number], Field(min_length=1)]
Matrix = Annotated[list[Vector], Field(min_length=1)]
Row = Annotated[int, Field(ge=0)]
# Of a line, as in a regular expression: control characters, which nothing draws and no path has.
CONTROL = r"\x00-\x1f\x7f"
Text = Annotated[str, Written(rf"^[^{CONTROL}]+$", "a text of one line")]
# TOML knows no nothing, so a word says that nothing is told.
Length = Annotated[
    Annotated[float, Field(gt=0, allow_inf_nan=False), Tag(ONE)]
    | Annotated[Literal["auto"], Tag(WORD)],
    Discriminator(number_or_word),
]


def refusal(key: str, found: str, expected: str) -> PydanticCustomError:
    """What a table's own validator raises; ``{table}`` in the texts becomes ``network.``."""
    return PydanticCustomError(REFUSED, "", {"key": key, "found": found, "expected": expected})


class Table(BaseModel):
    """A TOML table: unknown keys and converted types are refused.

    Attributes:
        apart: Pairs of keys of which only one may be given.
        beside: Key → another one that it needs.
    """

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True
    )
    apart: ClassVar[tuple[tuple[str, str], ...]] = ()
    beside: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def _keys_agree(self) -> Self:
        given = self.model_fields_set
        for one, other in self.apart:
            if {one, other} <= given:
                right = f"either {{table}}{one} or {{table}}{other}, not both"
                raise refusal(other, f"is given beside {{table}}{one}", right)
        for key, other in self.beside.items():
            if key in given and other not in given:
                is_table = isinstance(getattr(self, key), Table)
                needed = f"a table [{other}]" if is_table else f"{{table}}{other}"
                raise refusal(key, "is given", f"{needed} beside it, or neither")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say in the JSON Schema too which keys go together."""
        schema = handler.resolve_ref_schema(handler(core))
        if cls.apart:
            schema["allOf"] = [{"not": {"required": list(pair)}} for pair in cls.apart]
        if cls.beside:
            schema["dependentRequired"] = {key: [other] for key, other in cls.beside.items()}
        return schema
