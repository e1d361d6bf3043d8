package org.odap.log.edge;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;

/**
 * WriteLogEntriesRequest with its entries as the bytes that came in: what is stored is what the
 * gateway sent, and nothing is spent on serializing it again.
 *
 * @param tag of the stream's request; 0 in a single call
 * @param traceparent of the stream's request, to be parsed; "" in a single call
 * @param mistake why the bytes could not be read to their end; nothing is stored of such a request
 */
record AppendRequest(
    long tag,
    String logId,
    long epoch,
    List<ByteString> entries,
    boolean close,
    String traceparent,
    Optional<String> mistake) {}
