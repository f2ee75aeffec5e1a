"""What the tables of a network file are made of: ``TomlTable`` and the types of single values."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

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
REFUSED, MISMATCH, UNKNOWN_NAME = "refused", "mismatch", "unknown_name"  # error types of our own
_LONGEST_VALUE = 40


def toml_text(value: object) -> str:
    """Return a value as TOML writes it, shortened if it is long, for an error message."""
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int) and value.bit_length() > 128:
        return "an integer of more than 128 bits"  # Python refuses to write very long ones out
    quoted = isinstance(value, bool | str)
    text = json.dumps(value, ensure_ascii=False) if quoted else str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


class OneOf:
    """Marks a string as one of the names of a registry, so that the JSON Schema lists them."""

    def __init__(
        self,
        names: Iterable[str],
        *,
        expected: str = "",
        synonyms: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the names in their order.

        Args:
            names: The valid names.
            expected: What an error says is expected. By default it lists the names.
            synonyms: Other name → the name that it has here, for the hint of an error.
        """
        self.names = list(names)
        self.expected = expected or f"one of {', '.join(self.names)}"
        self.synonyms = dict(synonyms or {})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate as a ``Literal`` of the names does."""
        return core_schema.custom_error_schema(
            core_schema.literal_schema(self.names),
            custom_error_type=UNKNOWN_NAME,
            custom_error_message="",
            custom_error_context={
                "expected": self.expected,
                "names": self.names,
                "synonyms": self.synonyms,
            },
        )


class Pattern:
    """Marks a string as one that matches a regular expression."""

    def __init__(self, pattern: str, expected: str) -> None:
        """Keep both.

        Args:
            pattern: A regular expression, also written into the JSON Schema.
            expected: The same in words, for errors.
        """
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


class Expected:
    """Words what a value of several kinds may be: one error in place of one for each kind."""

    def __init__(self, expected: str) -> None:
        """Keep the words."""
        self.expected = expected

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate as the annotated type does."""
        return core_schema.custom_error_schema(
            handler(source),
            custom_error_type=MISMATCH,
            custom_error_message="",
            custom_error_context={"expected": self.expected},
        )


class Later:
    """Marks a table whose model is made when a file has the table, because that takes a while."""

    def __init__(self, model: Callable[[], type[TomlTable]]) -> None:
        """Keep the function that returns the model."""
        self.model = model

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate as the model does."""
        return core_schema.no_info_plain_validator_function(self._validate)

    def _validate(self, value: object) -> TomlTable:
        return self.model().model_validate(value)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the model."""
        self.model().model_rebuild()
        inner = self.model().__pydantic_core_schema__
        return handler(core_schema.no_info_after_validator_function(self._validate, inner))


def one_or_each(value: object) -> str:
    """Return the tag of a value: one value, or an array with one for each layer or column."""
    return EACH if isinstance(value, list) else ONE


def number_or_word(value: object) -> str:
    """Return the tag of a value: a number, or a word in its place."""
    return WORD if isinstance(value, str) else ONE


# Control characters, as in a regular expression: no font draws them and no path contains them.
CONTROL = r"\x00-\x1f\x7f"
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Vector = Annotated[list[Number], Field(min_length=1)]
Matrix = Annotated[list[Vector], Field(min_length=1)]
Index = Annotated[int, Field(ge=0)]
Pair = Annotated[list[Index], Field(min_length=2, max_length=2)]
Text = Annotated[str, Pattern(rf"^[^{CONTROL}]+$", "a non-empty string on one line")]
Line = Annotated[str, Pattern(rf"^[^{CONTROL}]*$", "a string on one line")]
# TOML has no null, so a word stands for None.
Length = Annotated[
    Annotated[Positive, Tag(ONE)]
    | Annotated[str, OneOf(["auto"], expected='a number or "auto"'), Tag(WORD)],
    Discriminator(number_or_word),
]
Limit = Annotated[
    Annotated[int, Field(ge=3), Tag(ONE)]
    | Annotated[str, OneOf(["all"], expected='a number or "all"'), Tag(WORD)],
    Discriminator(number_or_word),
]


def refusal(key: str, found: str, expected: str) -> PydanticCustomError:
    """Return the error that the validator of a table raises.

    Args:
        key: The key of the table that is wrong.
        found: What was found there. ``{table}`` in it becomes the table, such as ``network.``.
        expected: What would be right.
    """
    return PydanticCustomError(REFUSED, "", {"key": key, "found": found, "expected": expected})


class TomlTable(BaseModel):
    """A table of a TOML file. Unknown keys are refused, and values are not converted.

    Models are prepared for validation when they are first used, because that takes a while.

    Attributes:
        exclusive: Pairs of keys that exclude each other.
        requires: Key → another key that it needs.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)
    exclusive: ClassVar[tuple[tuple[str, str], ...]] = ()
    requires: ClassVar[Mapping[str, str]] = {}

    @property
    def given(self) -> dict[str, Any]:
        """The values of the keys that the file has, by their names in it."""
        fields = type(self).model_fields
        return {
            field.alias or key: getattr(self, key)
            for key, field in fields.items()
            if key in self.model_fields_set
        }

    @model_validator(mode="after")
    def _keys_agree(self) -> Self:
        given = self.model_fields_set
        for one, other in self.exclusive:
            if {one, other} <= given:
                found = f"is given together with {{table}}{one}"
                raise refusal(other, found, "one of the two")
        for key, other in self.requires.items():
            if key in given and other not in given:
                is_table = isinstance(getattr(self, key), TomlTable)
                needed = f"a table [{other}]" if is_table else f"{{table}}{other}"
                raise refusal(key, f"is given without {needed}", "both or neither")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add to the JSON Schema what the keys mean, and which go together."""
        schema = handler.resolve_ref_schema(handler(core))
        for key, meaning in meanings(cls).items():
            schema["properties"][key]["description"] = meaning
        if cls.exclusive:
            schema["allOf"] = [{"not": {"required": list(pair)}} for pair in cls.exclusive]
        if cls.requires:
            schema["dependentRequired"] = {key: [other] for key, other in cls.requires.items()}
        return schema


@cache
def meanings(model: type[BaseModel]) -> dict[str, str]:
    """Return the docstrings of the keys of a table, as a file names them; of its bases, too.

    pydantic reads them, too, but whenever netviz starts.
    """
    bases = (base for base in reversed(model.__mro__) if issubclass(base, TomlTable))
    names = {key: field.alias or key for key, field in model.model_fields.items()}
    return {names[key]: text for base in bases for key, text in _docstrings(base)}


def _docstrings(model: type[TomlTable]) -> Iterator[tuple[str, str]]:
    """Yield the keys that stand in the body of a class, with the texts below them."""
    for node in _classes(inspect.getfile(model)).get(model.__name__, []):
        match node:
            case (
                ast.AnnAssign(target=ast.Name(id=key)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield key, inspect.cleandoc(text)


@cache
def _classes(file: str) -> dict[str, list[tuple[ast.stmt, ast.stmt]]]:
    """Return each class of a file with the pairs of lines that follow each other in it."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {node.name: list(pairwise(node.body)) for node in classes}
