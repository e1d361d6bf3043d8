// The published schemas (proto/), and the protobuf JSON mapping of what they describe.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

const FOLDERS = ["../../../proto/", "../../../proto/third_party/", "../node_modules/protobufjs/"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
const MESSAGES_OF_CONTENT = [
  "odap/client/v1/transfer_service.proto",
  "odap/peer/v1/peer_service.proto",
  "odap/storage/v1/log_content.proto",
];

const root = new protobuf.Root();
root.resolvePath = (_, target) => FOLDERS.map((folder) => folder + target).find(existsSync) ?? null;
root.loadSync(MESSAGES_OF_CONTENT, { keepCase: true });
root.resolveAll();

/**
 * The methods of a service as grpc-js wants them. Requests have the schemas' own field names; answers are given in the
 * JSON mapping, as they also come over HTTP.
 */
export function methods(serviceName) {
  const service = root.lookupService(serviceName);
  return Object.fromEntries(
    service.methodsArray.map(({ name, resolvedRequestType: request, resolvedResponseType: response, responseStream }) => [
      name,
      {
        path: `/${serviceName}/${name}`,
        requestStream: false,
        responseStream: Boolean(responseStream),
        requestSerialize: (fields) => Buffer.from(request.encode(request.fromObject(fields)).finish()),
        responseDeserialize: (bytes) => toJson(request.root, response, response.decode(bytes)),
      },
    ]),
  );
}

function toJson(types, type, decoded) {
  if (type.fullName === ".google.protobuf.Any") {
    return anyToJson(types, decoded);
  }
  const json = {};
  for (const field of type.fieldsArray) {
    const value = decoded[field.name];
    if (Object.hasOwn(decoded, field.name) && !isDefault(field, value)) {
      json[field.options?.json_name ?? protobuf.util.camelCase(field.name)] = fieldToJson(types, field, value);
    }
  }
  return json;
}

function anyToJson(types, { type_url: url, value }) {
  if (!url) {
    return {};
  }
  const type = types.lookupType(url.slice(url.lastIndexOf("/") + 1));
  return { "@type": url, ...toJson(types, type, type.decode(value)) };
}

/** Fields at their default do not show. */
function isDefault(field, value) {
  if (field.repeated || field.map) {
    return Object.keys(value).length === 0;
  }
  if (field.resolvedType instanceof protobuf.Type || field.partOf) {
    return value === null;
  }
  return field.bytes ? value.length === 0 : String(value) === String(field.typeDefault);
}

function fieldToJson(types, field, value) {
  if (field.map) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, valueToJson(types, field, one)]));
  }
  return field.repeated ? value.map((one) => valueToJson(types, field, one)) : valueToJson(types, field, value);
}

function valueToJson(types, field, value) {
  if (field.resolvedType instanceof protobuf.Type) {
    return toJson(types, field.resolvedType, value);
  }
  if (field.resolvedType instanceof protobuf.Enum) {
    return field.resolvedType.valuesById[value] ?? value;
  }
  if (field.bytes) {
    return Buffer.from(value).toString("base64");
  }
  return field.long || protobuf.util.Long?.isLong(value) ? value.toString() : value;
}
