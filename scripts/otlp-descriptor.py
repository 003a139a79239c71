"""Writes src/otlp/descriptor.json: the OTLP messages as a protobufjs JSON descriptor.

    pip install opentelemetry-proto==1.45.2
    python scripts/otlp-descriptor.py > src/otlp/descriptor.json

Source: the file descriptors in the PyPI package `opentelemetry-proto`, release 1.45.2, which was generated from
opentelemetry-proto v1.10.0. The form is the one of `pbjs --target json`: field names as OTLP/JSON has them
(lowerCamelCase), proto3 `optional` as a oneof of its own. Services, comments and the schema's options are left out;
two options are ours: a string with broken UTF-8 is repaired (U+FFFD) and never costs the request it stands in; and
packed numbers of 8 bytes are read as one field of bytes with `elements`, their type (src/otlp/packed-numbers.ts).
"""

import json
import sys

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, FileDescriptor
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.common.v1 import common_pb2
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.resource.v1 import resource_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

FILES = [
    module.DESCRIPTOR
    for module in (
        common_pb2,
        resource_pb2,
        logs_pb2,
        trace_pb2,
        metrics_pb2,
        logs_service_pb2,
        trace_service_pb2,
        metrics_service_pb2,
    )
]

# TYPE_FIXED64 is written `fixed64`, and so on for every scalar.
SCALARS = {
    number: name.removeprefix("TYPE_").lower()
    for name, number in vars(FieldDescriptor).items()
    if name.startswith("TYPE_") and name not in ("TYPE_MESSAGE", "TYPE_ENUM", "TYPE_GROUP")
}


def type_of(field: FieldDescriptor) -> str:
    named = field.message_type or field.enum_type
    return f".{named.full_name}" if named else SCALARS[field.type]


def is_proto3_optional(field: FieldDescriptor) -> bool:
    return field.containing_oneof is not None and field.containing_oneof.name.startswith("_")


def field_json(field: FieldDescriptor) -> dict:
    described: dict = {"type": type_of(field), "id": field.number}
    if field.is_repeated and described["type"] in ("fixed64", "double"):
        return {**described, "type": "bytes", "options": {"elements": described["type"]}}
    if field.is_repeated:
        described = {"rule": "repeated", **described}
    if is_proto3_optional(field):
        described["options"] = {"proto3_optional": True}
    return described


def enum_json(enum: EnumDescriptor) -> dict:
    return {"values": {value.name: value.number for value in enum.values}}


def message_json(message: Descriptor) -> dict:
    described: dict = {"options": {"features": {"utf8_validation": "NONE"}}}
    if message.oneofs:
        described["oneofs"] = {
            oneof.name: {"oneof": [field.json_name for field in oneof.fields]} for oneof in message.oneofs
        }
    described["fields"] = {field.json_name: field_json(field) for field in message.fields}
    nested = {enum.name: enum_json(enum) for enum in message.enum_types}
    nested |= {inner.name: message_json(inner) for inner in message.nested_types}
    if nested:
        described["nested"] = nested
    return described


def add_file(root: dict, file: FileDescriptor) -> None:
    namespace = root
    for part in file.package.split("."):
        namespace = namespace.setdefault("nested", {}).setdefault(part, {})
    members = namespace.setdefault("nested", {})
    members |= {name: enum_json(enum) for name, enum in file.enum_types_by_name.items()}
    members |= {name: message_json(message) for name, message in file.message_types_by_name.items()}


root: dict = {}
for file in FILES:
    add_file(root, file)
json.dump(root, sys.stdout, indent=1)
sys.stdout.write("\n")
