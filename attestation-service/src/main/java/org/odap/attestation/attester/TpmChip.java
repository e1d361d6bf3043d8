package org.odap.attestation.attester;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.odap.attestation.tpm.ObjectAttributes;
import tss.Tpm;
import tss.TpmException;
import tss.tpm.NV_ReadPublicResponse;
import tss.tpm.PCR_ReadResponse;
import tss.tpm.QuoteResponse;
import tss.tpm.ReadPublicResponse;
import tss.tpm.StartAuthSessionResponse;
import tss.tpm.TPM2B_DIGEST;
import tss.tpm.TPMS_ID_OBJECT;
import tss.tpm.TPMS_NULL_SIG_SCHEME;
import tss.tpm.TPMS_PCR_SELECTION;
import tss.tpm.TPMS_SENSITIVE_CREATE;
import tss.tpm.TPMT_PUBLIC;
import tss.tpm.TPMT_SIGNATURE;
import tss.tpm.TPMT_SYM_DEF;
import tss.tpm.TPM_ALG_ID;
import tss.tpm.TPM_HANDLE;
import tss.tpm.TPM_RC;
import tss.tpm.TPM_SE;

/**
 * The commands we give a TPM. Handles of the owner, of the endorsement hierarchy and of our keys
 * have empty authorization values, as a TPM has them when nobody took them over.
 *
 * <p>Owns the connection; used by one thread at a time. After a failure to reach the TPM the next
 * use connects anew.
 */
final class TpmChip implements AutoCloseable {
  private static final int NV_READ_BYTES = 512;
  private static final int SESSION_NONCE_BYTES = 16;

  private final TpmStream.Source source;
  private Optional<Tpm> connected = Optional.empty();

  /** What a quote consists of. */
  record Signed(ByteString attest, ByteString signature) {}

  TpmChip(TpmStream.Source source) {
    this.source = source;
  }

  /** The public area of a persistent key, if there is one. */
  Optional<ByteString> readPublic(int handle) throws TpmFailure {
    ReadPublicResponse answer =
        commandOr(TPM_RC.HANDLE, "TPM2_ReadPublic", tpm -> tpm.ReadPublic(new TPM_HANDLE(handle)));
    return Optional.ofNullable(answer.outPublic).map(key -> ByteString.copyFrom(key.toBytes()));
  }

  /** Makes a primary key of the endorsement hierarchy and keeps it under a handle. */
  void makeEndorsedKey(TPMT_PUBLIC template, int handle) throws TpmFailure {
    TPM_HANDLE made =
        command(
                "TPM2_CreatePrimary",
                tpm ->
                    tpm.CreatePrimary(
                        TPM_HANDLE.ENDORSEMENT,
                        new TPMS_SENSITIVE_CREATE(new byte[0], new byte[0]),
                        template,
                        new byte[0],
                        new TPMS_PCR_SELECTION[0]))
            .handle;
    try {
      run(
          "TPM2_EvictControl",
          tpm -> tpm.EvictControl(TPM_HANDLE.OWNER, made, new TPM_HANDLE(handle)));
    } finally {
      run("TPM2_FlushContext", tpm -> tpm.FlushContext(made));
    }
  }

  /** What lies at an NV index, if there is one. */
  Optional<ByteString> readNv(int index) throws TpmFailure {
    TPM_HANDLE handle = new TPM_HANDLE(index);
    NV_ReadPublicResponse area =
        commandOr(TPM_RC.HANDLE, "TPM2_NV_ReadPublic", tpm -> tpm.NV_ReadPublic(handle));
    if (area.nvPublic == null) {
      return Optional.empty();
    }
    ByteString read = ByteString.EMPTY;
    while (read.size() < area.nvPublic.dataSize) {
      int offset = read.size();
      int length = Math.min(NV_READ_BYTES, area.nvPublic.dataSize - offset);
      byte[] part = command("TPM2_NV_Read", tpm -> tpm.NV_Read(handle, handle, length, offset));
      read = read.concat(ByteString.copyFrom(part));
    }
    return Optional.of(read);
  }

  /** Values of PCRs in the SHA-256 bank; a TPM gives a few at a time. */
  List<ByteString> readPcrs(List<Integer> pcrs) throws TpmFailure {
    List<ByteString> values = new ArrayList<>();
    for (int pcr : pcrs) {
      PCR_ReadResponse answer =
          command("TPM2_PCR_Read", tpm -> tpm.PCR_Read(selection(List.of(pcr))));
      if (answer.pcrValues.length != 1) {
        throw new TpmFailure(
            TpmFailure.Kind.REFUSED, "TPM2_PCR_Read: PCR " + pcr + " has no SHA-256 bank");
      }
      TPM2B_DIGEST value = answer.pcrValues[0];
      values.add(ByteString.copyFrom(value.buffer));
    }
    return values;
  }

  /** Has a key sign the PCRs, by the key's own scheme. */
  Signed quote(int key, ByteString qualifyingData, List<Integer> pcrs) throws TpmFailure {
    QuoteResponse answer =
        command(
            "TPM2_Quote",
            tpm ->
                tpm.Quote(
                    new TPM_HANDLE(key),
                    qualifyingData.toByteArray(),
                    new TPMS_NULL_SIG_SCHEME(),
                    selection(pcrs)));
    return new Signed(
        ByteString.copyFrom(answer.quoted.toBytes()),
        ByteString.copyFrom(new TPMT_SIGNATURE(answer.signature).toBytes()));
  }

  /** Opens a credential made for these two keys. */
  ByteString activate(
      int key, int endorsementKey, ObjectAttributes endorsement, TPMS_ID_OBJECT blob, byte[] secret)
      throws TpmFailure {
    if (endorsement.userWithAuth()) {
      return activate(key, endorsementKey, TPM_HANDLE.pwSession(new byte[0]), blob, secret);
    }
    TPM_HANDLE session = endorsementSession();
    try {
      return activate(key, endorsementKey, session, blob, secret);
    } finally {
      flushIfLeft(session);
    }
  }

  private ByteString activate(
      int key, int endorsementKey, TPM_HANDLE session, TPMS_ID_OBJECT blob, byte[] secret)
      throws TpmFailure {
    byte[] opened =
        command(
            "TPM2_ActivateCredential",
            tpm ->
                tpm._withSessions(TPM_HANDLE.pwSession(new byte[0]), session)
                    ._allowErrors()
                    .ActivateCredential(
                        new TPM_HANDLE(key), new TPM_HANDLE(endorsementKey), blob, secret));
    return ByteString.copyFrom(opened);
  }

  /** The TCG's low-range endorsement keys are used with the endorsement hierarchy's consent. */
  private TPM_HANDLE endorsementSession() throws TpmFailure {
    StartAuthSessionResponse session =
        command(
            "TPM2_StartAuthSession",
            tpm ->
                tpm.StartAuthSession(
                    TPM_HANDLE.NULL,
                    TPM_HANDLE.NULL,
                    new byte[SESSION_NONCE_BYTES],
                    new byte[0],
                    TPM_SE.POLICY,
                    new TPMT_SYM_DEF(TPM_ALG_ID.NULL, 0, TPM_ALG_ID.NULL),
                    TPM_ALG_ID.SHA256));
    var _ =
        command(
            "TPM2_PolicySecret",
            tpm ->
                tpm.PolicySecret(
                    TPM_HANDLE.ENDORSEMENT,
                    session.handle,
                    new byte[0],
                    new byte[0],
                    new byte[0],
                    0));
    return session.handle;
  }

  /** A command that succeeds ends its policy session; one that fails leaves it. */
  private void flushIfLeft(TPM_HANDLE session) throws TpmFailure {
    connection()._allowErrors().FlushContext(session);
  }

  private static TPMS_PCR_SELECTION[] selection(List<Integer> pcrs) {
    int[] numbers = pcrs.stream().mapToInt(Integer::intValue).toArray();
    return new TPMS_PCR_SELECTION[] {new TPMS_PCR_SELECTION(TPM_ALG_ID.SHA256, numbers)};
  }

  private void run(String name, java.util.function.Consumer<Tpm> command) throws TpmFailure {
    Boolean _ =
        command(
            name,
            tpm -> {
              command.accept(tpm);
              return true;
            });
  }

  private <T> T command(String name, Function<Tpm, T> command) throws TpmFailure {
    return command(name, command, code -> false);
  }

  /** As a command, but that answer is none of success only, and tells that there is nothing. */
  private <T> T commandOr(TPM_RC taken, String name, Function<Tpm, T> command) throws TpmFailure {
    return command(name, command, taken::equals);
  }

  private <T> T command(String name, Function<Tpm, T> command, Predicate<TPM_RC> taken)
      throws TpmFailure {
    Tpm tpm = connection();
    try {
      // Without this the library writes failures to standard output.
      T answer = command.apply(tpm._allowErrors());
      TPM_RC code = tpm._getLastResponseCode();
      if (!code.equals(TPM_RC.SUCCESS) && !taken.test(code)) {
        throw new TpmFailure(TpmFailure.Kind.REFUSED, name + ": " + code);
      }
      return answer;
    } catch (UncheckedIOException | TpmException e) {
      close();
      throw new TpmFailure(
          TpmFailure.Kind.UNREACHABLE, name + ": the TPM does not answer: " + e.getMessage(), e);
    }
  }

  private Tpm connection() throws TpmFailure {
    if (connected.isEmpty()) {
      try {
        Tpm tpm = new Tpm();
        tpm._setDevice(new RawTpmDevice(source.open()));
        connected = Optional.of(tpm);
      } catch (IOException e) {
        throw new TpmFailure(
            TpmFailure.Kind.UNREACHABLE, "the TPM can't be reached: " + e.getMessage(), e);
      }
    }
    return connected.get();
  }

  @Override
  public void close() {
    connected.map(Tpm::_getDevice).ifPresent(device -> device.close());
    connected = Optional.empty();
  }
}
