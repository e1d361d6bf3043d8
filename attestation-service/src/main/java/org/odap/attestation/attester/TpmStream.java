package org.odap.attestation.attester;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A way to a TPM: one command goes out, one answer comes back. */
interface TpmStream extends Closeable {
  /** Above the largest answer of any TPM; guards against a stream that is none of a TPM's. */
  int ANSWER_BYTES_MAX = 64 * 1024;

  /** Sends a command and waits for its answer. */
  byte[] exchange(byte[] command) throws IOException;

  /** Opens such a way. */
  @FunctionalInterface
  interface Source {
    TpmStream open() throws IOException;
  }

  /** A character device: the kernel gives an answer to one read, whole. */
  static TpmStream device(Path path) throws IOException {
    RandomAccessFile device = new RandomAccessFile(path.toFile(), "rw");
    return new TpmStream() {
      @Override
      public byte[] exchange(byte[] command) throws IOException {
        device.write(command);
        byte[] answer = new byte[ANSWER_BYTES_MAX];
        int length = device.read(answer);
        if (length < 0) {
          throw new IOException("no answer");
        }
        return Arrays.copyOf(answer, length);
      }

      @Override
      public void close() throws IOException {
        device.close();
      }
    };
  }

  /** A software TPM's port, which takes commands as they are. */
  static TpmStream swtpm(String address, Duration timeout) throws IOException {
    int colon = address.lastIndexOf(':');
    int millis = Math.toIntExact(timeout.toMillis());
    Socket socket = new Socket();
    // A command is one small write: held back for an acknowledgement it takes 40 ms.
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(millis);
    socket.connect(
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
        millis);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    return new TpmStream() {
      @Override
      public byte[] exchange(byte[] command) throws IOException {
        socket.getOutputStream().write(command);
        // Tag, size of all, code.
        byte[] header = in.readNBytes(10);
        int size = header.length == 10 ? ByteBuffer.wrap(header).getInt(2) : 0;
        if (size < header.length || size > ANSWER_BYTES_MAX) {
          throw new IOException("no answer of a TPM");
        }
        byte[] answer = Arrays.copyOf(header, size);
        in.readFully(answer, header.length, size - header.length);
        return answer;
      }

      @Override
      public void close() throws IOException {
        socket.close();
      }
    };
  }
}
