package org.odap.log.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.WriteLogEntriesRequest;

/**
 * Reads appends without unpacking their entries.
 *
 * @param read makes a request of bytes that may hold anything
 */
record AppendReader<T>(Function<InputStream, T> read) implements Marshaller<T> {
  /** Reads the request of a single call. */
  static final Marshaller<AppendRequest> SINGLE = new AppendReader<>(AppendReader::single);

  /** Reads a message of a stream. */
  static final Marshaller<AppendMessage> STREAMED = new AppendReader<>(AppendReader::streamed);

  /** How many further requests a message may have, as the schema says. */
  private static final int MORE_MAX = 255;

  private interface Parse {
    void parse(CodedInputStream in) throws IOException;
  }

  @Override
  public T parse(InputStream stream) {
    return read.apply(stream);
  }

  /** gRPC has one type for both directions; this one is only ever registered for a server. */
  @Override
  public InputStream stream(T request) {
    throw new UnsupportedOperationException("a server only reads requests");
  }

  private static AppendRequest single(InputStream stream) {
    Parts parts = new Parts();
    return parts.build(mistakeIn(stream, parts::readWrite));
  }

  private static AppendMessage streamed(InputStream stream) {
    Parts first = new Parts();
    Optional<String> mistake = mistakeIn(stream, first::readStreamed);
    return new AppendMessage(
        Stream.concat(Stream.of(first), first.more.stream())
            .map(parts -> parts.build(mistake))
            .toList(),
        first.takesMore);
  }

  private static Optional<String> mistakeIn(InputStream stream, Parse parse) {
    try {
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes(stream)).newCodedInput();
      // The bytes are ours alone: entries may share them.
      in.enableAliasing(true);
      parse.parse(in);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("not a protobuf message: " + e.getMessage());
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
    private static final int MORE =
        tag(StreamLogEntriesRequest.MORE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int TAKES_MORE =
        tag(StreamLogEntriesRequest.TAKES_MORE_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);

    private final List<ByteString> entries = new ArrayList<>();
    private long streamTag;
    private String logId = "";
    private long epoch;
    private boolean close;
    private String traceparent = "";
    private final List<Parts> more = new ArrayList<>();
    private boolean takesMore;

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
        } else if (tag == MORE) {
          readMore(in);
        } else if (tag == TAKES_MORE) {
          takesMore = in.readBool();
        } else {
          in.skipField(tag);
        }
      }
    }

    private void readMore(CodedInputStream in) throws IOException {
      if (more.size() == MORE_MAX) {
        throw new InvalidProtocolBufferException("more than " + MORE_MAX + " in more");
      }
      Parts next = new Parts();
      more.add(next);
      int limit = in.pushLimit(in.readRawVarint32());
      next.readStreamed(in);
      in.popLimit(limit);
      if (!next.more.isEmpty()) {
        throw new InvalidProtocolBufferException("more within more");
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
