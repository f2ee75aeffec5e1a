"""The JSON Schema of network files, for editors, derived from their pydantic models."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from netviz.spec.tables import NetworkFile
from netviz.spec.toml import TomlTable

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "urn:netviz:network-file"


class _Toml(GenerateJsonSchema):
    """Omits null, because TOML has no null, and titles of keys; refuses unknown keys."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if isinstance(schema.get("default"), TomlTable | None):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        return super().dict_schema(schema) | {"additionalProperties": False}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a network file.

    It accepts what the pydantic model of the file accepts. A schema cannot express what the loader
    checks afterwards: that arrays fit each other and the data, that results are finite, that files
    exist. JSON has one kind of number, of any size: the schema accepts ``3.0`` as a whole number.
    """
    generated = NetworkFile.model_json_schema(mode="validation", schema_generator=_Toml)
    return {"$schema": DIALECT, "$id": NAME, **generated, "title": "A network file of netviz"}
