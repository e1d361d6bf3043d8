package org.odap.runtime.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The trace of a transfer: SHA-256 of "odap trace " and the transfer's id gives the trace's id (16
 * bytes) and that of its first span (the next 8). Nobody has to store or to believe it.
 */
final class TransferTrace {
  private static final int TRACE_ID_CHARS = 32;
  private static final int SPAN_ID_CHARS = 16;

  private TransferTrace() {}

  /** The first span of a transfer's trace, under which all others are. */
  static SpanContext root(String transferId) {
    String digits = HexFormat.of().formatHex(digest("odap trace " + transferId));
    return SpanContext.create(
        digits.substring(0, TRACE_ID_CHARS),
        digits.substring(TRACE_ID_CHARS, TRACE_ID_CHARS + SPAN_ID_CHARS),
        TraceFlags.getSampled(),
        TraceState.getDefault());
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
