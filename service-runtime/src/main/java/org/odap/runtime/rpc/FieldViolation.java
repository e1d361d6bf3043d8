package org.odap.runtime.rpc;

/**
 * A field of a request that is wrong: its path as in the proto ({@code envelope.session_id}) and
 * "value: X (expected: Y)".
 */
public record FieldViolation(String field, String description) {}
