"""The OpenLineage model as a JSON Schema, made from the classes that the project generates from its specification.

The schemas themselves are in no package of the registries; openlineage-python has the classes, with the address of
the schema that each was made from.
"""

import enum
import types
import typing

import attr
from openlineage.client.generated import (
    base,
    column_lineage_dataset,
    dataset_version_dataset,
    documentation_job,
    input_statistics_input_dataset,
    job_type_job,
    output_statistics_output_dataset,
    processing_engine_run,
    schema_dataset,
    storage_dataset,
    tags_run,
)

# Which class a facet has, by the name that it stands under.
FACETS = {
    base.RunFacet: {
        "processing_engine": processing_engine_run.ProcessingEngineRunFacet,
        "tags": tags_run.TagsRunFacet,
    },
    base.JobFacet: {
        "jobType": job_type_job.JobTypeJobFacet,
        "documentation": documentation_job.DocumentationJobFacet,
    },
    base.DatasetFacet: {
        "schema": schema_dataset.SchemaDatasetFacet,
        "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet,
        "storage": storage_dataset.StorageDatasetFacet,
        "version": dataset_version_dataset.DatasetVersionDatasetFacet,
    },
    base.InputDatasetFacet: {"inputStatistics": input_statistics_input_dataset.InputStatisticsInputDatasetFacet},
    base.OutputDatasetFacet: {"outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet},
}
PLAIN = {str: "string", int: "integer", bool: "boolean"}
# Fields that the classes fill in and the specification requires.
FILLED_IN = {"producer", "schemaURL", "_producer", "_schemaURL"}


def run_event():
    """The schema of a RunEvent; a field or a facet that the model does not have is an error."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **of_class(base.RunEvent)}


def of_class(kind):
    hints = typing.get_type_hints(kind)
    properties, required = {}, []
    for field in attr.fields(kind):
        properties[field.name] = of_type(hints[field.name])
        if field.default is attr.NOTHING or field.name in FILLED_IN:
            required.append(field.name)
    for name in ("schemaURL", "_schemaURL"):
        if name in properties:
            properties[name] = {"const": kind._get_schema()}
    for name, form in (("eventTime", "date-time"), ("runId", "uuid"), ("producer", "uri"), ("_producer", "uri")):
        if name in properties:
            properties[name]["format"] = form
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def of_type(hint):
    if isinstance(hint, types.UnionType):
        return {"anyOf": [of_type(part) for part in typing.get_args(hint) if part is not type(None)]}
    if typing.get_origin(hint) is list:
        return {"type": "array", "items": of_type(*typing.get_args(hint))}
    if typing.get_origin(hint) is dict:
        (_, value) = typing.get_args(hint)
        if value in FACETS:
            facets = {name: of_class(kind) for name, kind in FACETS[value].items()}
            return {"type": "object", "properties": facets, "additionalProperties": False}
        return {"type": "object", "additionalProperties": of_type(value)}
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    if issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    # The only class that holds its own kind: fields of nested structs, which no table has.
    if hint is schema_dataset.SchemaDatasetFacetFields:
        nested = {name: {"type": PLAIN[kind]} for name, kind in NAMED.items()}
        return {"type": "object", "properties": nested, "required": ["name"], "additionalProperties": False}
    return of_class(hint)


NAMED = {"name": str, "type": str, "description": str, "ordinal_position": int}
