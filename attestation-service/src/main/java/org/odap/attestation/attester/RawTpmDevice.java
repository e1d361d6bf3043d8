package org.odap.attestation.attester;

import java.io.IOException;
import java.io.UncheckedIOException;
import tss.TpmDevice;

/** A {@link TpmStream} as the TPM library wants it. */
final class RawTpmDevice extends TpmDevice {
  private final TpmStream stream;
  private byte[] answer = {};

  RawTpmDevice(TpmStream stream) {
    this.stream = stream;
  }

  @Override
  public boolean connect() {
    return true;
  }

  @Override
  public void dispatchCommand(byte[] command) {
    try {
      answer = stream.exchange(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] getResponse() {
    return answer.clone();
  }

  @Override
  public boolean responseReady() {
    return true;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
