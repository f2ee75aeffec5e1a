"""The JSON Schema of network files: what the model says of them, for editors."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from netviz.spec.document import NetworkFile
from netviz.spec.table import Table

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "urn:netviz:network-file"


class _Toml(GenerateJsonSchema):
    """Says nothing of null, which TOML has not; keys need no titles, and only known ones pass."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if isinstance(schema.get("default"), Table | None):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        return super().dict_schema(schema) | {"additionalProperties": False}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a network file.

    It accepts what the model of the file accepts. What the model leaves to later, a schema cannot
    say: that arrays fit each other and the data, that numbers stay finite, that files are there.
    And numbers are of one kind and of any size in JSON: it takes ``3.0`` for a whole number.
    """
    told = NetworkFile.model_json_schema(mode="validation", schema_generator=_Toml)
    return {"$schema": DIALECT, "$id": NAME, **told, "title": "A network file of netviz"}
