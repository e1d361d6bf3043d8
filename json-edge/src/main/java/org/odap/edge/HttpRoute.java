package org.odap.edge;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import java.util.Optional;

/**
 * One way to a method over HTTP.
 *
 * @param verb GET or POST
 * @param body where a request's body goes
 * @param responseBody the part of the answer that is sent; empty = all of it
 */
record HttpRoute(
    String verb,
    PathTemplate path,
    Body body,
    Optional<FieldDescriptor> responseBody,
    ServerMethodDefinition<?, ?> method,
    MethodDescriptor schema) {

  /** Where a request's body goes. */
  sealed interface Body {
    /** There is none. */
    record None() implements Body {}

    /** It is the request but for what the path says. */
    record Whole() implements Body {}

    /** It is one field of the request. */
    record Field(FieldDescriptor field) implements Body {}
  }
}
