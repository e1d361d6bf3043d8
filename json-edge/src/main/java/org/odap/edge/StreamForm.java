package org.odap.edge;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How a stream of answers is written. */
enum StreamForm {
  /** Server-sent events. */
  EVENTS("text/event-stream") {
    @Override
    byte[] message(byte[] json, Optional<String> id) {
      return join(id.map(text -> "id: " + text + "\n").orElse("") + "data: ", json, "\n\n");
    }

    @Override
    byte[] problem(byte[] json) {
      return join("event: error\ndata: ", json, "\n\n");
    }

    @Override
    byte[] end() {
      // Without it a browser takes the end for a broken line, and asks again for ever.
      return bytes("event: end\ndata: {}\n\n");
    }

    @Override
    byte[] heartbeat() {
      return bytes(": still here\n\n");
    }
  },

  /** One JSON object a line. */
  LINES("application/x-ndjson") {
    @Override
    byte[] message(byte[] json, Optional<String> id) {
      return join("", json, "\n");
    }

    @Override
    byte[] problem(byte[] json) {
      return join("{\"error\":", json, "}\n");
    }

    @Override
    byte[] end() {
      return new byte[0];
    }

    @Override
    byte[] heartbeat() {
      return bytes("\n");
    }
  };

  private final String mediaType;

  StreamForm(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /**
   * One answer.
   *
   * @param id what a reader that comes back says it has seen
   */
  abstract byte[] message(byte[] json, Optional<String> id);

  /** The stream fails here. */
  abstract byte[] problem(byte[] json);

  /** The stream is complete. */
  abstract byte[] end();

  /** Nothing happened, but both ends are there. */
  abstract byte[] heartbeat();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(String before, byte[] json, String after) {
    byte[] head = bytes(before);
    byte[] tail = bytes(after);
    byte[] all = new byte[head.length + json.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(json, 0, all, head.length, json.length);
    System.arraycopy(tail, 0, all, head.length + json.length, tail.length);
    return all;
  }
}
