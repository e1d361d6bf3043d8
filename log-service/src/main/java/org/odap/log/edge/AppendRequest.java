package org.odap.log.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.WriteLogEntriesRequest;

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
    Optional<String> mistake) {

  /** Reads the request of a single call. */
  static final Marshaller<AppendRequest> SINGLE = new Reader(Parts::readWrite);

  /** Reads a request of a stream. */
  static final Marshaller<AppendRequest> STREAMED = new Reader(Parts::readStreamed);

  private interface Parse {
    void parse(Parts parts, CodedInputStream in) throws IOException;
  }

  private record Reader(Parse parse) implements Marshaller<AppendRequest> {
    @Override
    public AppendRequest parse(InputStream stream) {
      Parts parts = new Parts();
      try {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes(stream)).newCodedInput();
        // The bytes are ours alone: entries may share them.
        in.enableAliasing(true);
        parse.parse(parts, in);
        return parts.build(Optional.empty());
      } catch (IOException e) {
        return parts.build(Optional.of("not a protobuf message: " + e.getMessage()));
      }
    }

    /** gRPC's streams know their length, so one array of that size does. */
    private static byte[] bytes(InputStream stream) throws IOException {
      if (!(stream instanceof KnownLength)) {
        return stream.readAllBytes();
      }
      byte[] bytes = new byte[stream.available()];
      int read = stream.readNBytes(bytes, 0, bytes.length);
      return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    }

    /** gRPC has one type for both directions; this one is only ever registered for a server. */
    @Override
    public InputStream stream(AppendRequest request) {
      throw new UnsupportedOperationException("a server only reads requests");
    }
  }

  /** Fields as they come; as in every protobuf parser the last one of a kind counts. */
  private static final class Parts {
    private static final int LOG_ID =
        tag(WriteLogEntriesRequest.LOG_ID_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int EPOCH =
        tag(WriteLogEntriesRequest.EPOCH_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int ENTRIES =
        tag(WriteLogEntriesRequest.ENTRIES_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int CLOSE =
        tag(WriteLogEntriesRequest.CLOSE_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int STREAM_TAG =
        tag(StreamLogEntriesRequest.TAG_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int STREAM_WRITE =
        tag(StreamLogEntriesRequest.WRITE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int TRACEPARENT =
        tag(StreamLogEntriesRequest.TRACEPARENT_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private final List<ByteString> entries = new ArrayList<>();
    private long streamTag;
    private String logId = "";
    private long epoch;
    private boolean close;
    private String traceparent = "";

    private static int tag(int field, int type) {
      return field << 3 | type;
    }

    void readStreamed(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == STREAM_TAG) {
          streamTag = in.readUInt64();
        } else if (tag == STREAM_WRITE) {
          int limit = in.pushLimit(in.readRawVarint32());
          readWrite(in);
          in.popLimit(limit);
        } else if (tag == TRACEPARENT) {
          traceparent = in.readStringRequireUtf8();
        } else {
          in.skipField(tag);
        }
      }
    }

    void readWrite(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == LOG_ID) {
          logId = in.readStringRequireUtf8();
        } else if (tag == EPOCH) {
          epoch = in.readUInt64();
        } else if (tag == ENTRIES) {
          entries.add(in.readBytes());
        } else if (tag == CLOSE) {
          close = in.readBool();
        } else {
          in.skipField(tag);
        }
      }
    }

    AppendRequest build(Optional<String> mistake) {
      return new AppendRequest(streamTag, logId, epoch, entries, close, traceparent, mistake);
    }
  }
}
