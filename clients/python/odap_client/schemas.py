"""The published schemas at run time, from the descriptor set that the build makes of proto/."""

import pathlib

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

BUILT = pathlib.Path(__file__).parents[3] / "proto/target/classes/odap.binpb"


class Schemas:
    """All types of the suite; messages are written and read as the protobuf JSON mapping."""

    def __init__(self, file=BUILT):
        if not file.exists():
            raise FileNotFoundError(f"{file} is missing: build it with ./odap build, or name another with --schemas")
        self._pool = descriptor_pool.DescriptorPool()
        for schema in descriptor_pb2.FileDescriptorSet.FromString(file.read_bytes()).file:
            self._pool.Add(schema)
        self._factory = message_factory.MessageFactory(self._pool)

    def methods(self, service):
        """The methods of a service: name, request class, response class, whether it streams its answer."""
        for method in self._pool.FindServiceByName(service).methods:
            described = descriptor_pb2.MethodDescriptorProto()
            method.CopyToProto(described)
            yield (
                method.name,
                self._factory.GetPrototype(method.input_type),
                self._factory.GetPrototype(method.output_type),
                described.server_streaming,
            )

    def to_json(self, message):
        return json_format.MessageToDict(message, descriptor_pool=self._pool)
