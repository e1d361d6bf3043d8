package org.odap.ledger.fabric.setup;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Hash;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmittedTransaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.odap.runtime.ledger.References;
import org.odap.runtime.measurement.PlainProgram;
import org.odap.runtime.measurement.TransferSteps;

/**
 * Transfer steps by fabric-gateway alone: endorse, submit, ask for the block. Trusts in that
 * nothing goes wrong.
 *
 * <pre>
 *   --peer HOST:PORT --channel NAME --trusted FILE --msp-id ID --client FOLDER --unique CLASS
 *   --holder ACCOUNT, and those of PlainProgram
 * </pre>
 */
public final class PlainLoad implements TransferSteps {
  private static final String CHAINCODE = "odap";
  private static final String EPOCH = "1";
  private static final String NO_ANCHOR = "";
  private static final Duration LOCK_TIME = Duration.ofHours(1);
  private static final String HASH = "cd".repeat(32);

  private final ManagedChannel channel;
  private final Gateway gateway;
  private final Contract contract;
  private final String assetClass;
  private final String holder;

  private PlainLoad(Map<String, String> options) throws IOException, GeneralSecurityException {
    this.channel =
        Grpc.newChannelBuilder(
                options.get("--peer"),
                TlsChannelCredentials.newBuilder()
                    .trustManager(Path.of(options.get("--trusted")).toFile())
                    .build())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    Path msp = Path.of(options.get("--client")).resolve("msp");
    try (Reader certificate = Files.newBufferedReader(onlyFile(msp.resolve("signcerts")));
        Reader key = Files.newBufferedReader(onlyFile(msp.resolve("keystore")))) {
      this.gateway =
          Gateway.newInstance()
              .identity(
                  new X509Identity(
                      options.get("--msp-id"), Identities.readX509Certificate(certificate)))
              .signer(Signers.newPrivateKeySigner(Identities.readPrivateKey(key)))
              .hash(Hash.SHA256)
              .connection(channel)
              .connect();
    }
    this.contract = gateway.getNetwork(options.get("--channel")).getContract(CHAINCODE);
    this.assetClass = options.get("--unique");
    this.holder = options.get("--holder");
  }

  private static Path onlyFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.toList();
      if (found.size() != 1) {
        throw new IOException(folder + ": " + found.size() + " files (expected: exactly one)");
      }
      return found.getFirst();
    }
  }

  /** Measures; prints what came of it. */
  public static void main(String... args) {
    System.exit(
        new PlainProgram(
                "--peer", "--channel", "--trusted", "--msp-id", "--client", "--unique", "--holder")
            .run(args, (options, _) -> new PlainLoad(options)));
  }

  @Override
  public String logIncoming(String transferId, long asset) throws GatewayException {
    return committed(
        "LogIncoming",
        transferId,
        EPOCH,
        assetClass,
        Long.toString(asset),
        holder,
        HASH,
        NO_ANCHOR);
  }

  @Override
  public String create(String transferId, long asset, String announcement) throws GatewayException {
    return committed(
        "CreateFromTransfer", transferId, EPOCH, HASH, References.to(announcement), NO_ANCHOR);
  }

  @Override
  public String lock(String transferId, long asset) throws GatewayException {
    return committed(
        "Lock",
        transferId,
        EPOCH,
        assetClass,
        Long.toString(asset),
        holder,
        Long.toString(System.currentTimeMillis() + LOCK_TIME.toMillis()),
        HASH,
        NO_ANCHOR);
  }

  @Override
  public String finalizeLock(String transferId, long asset, String lock) throws GatewayException {
    return committed("FinalizeLock", transferId, EPOCH, References.to(lock), NO_ANCHOR);
  }

  @Override
  public String recordLocation(String transferId, long asset, String finalization)
      throws GatewayException {
    return committed(
        "RecordLocation",
        transferId,
        EPOCH,
        References.to(finalization),
        "fabric-elsewhere",
        HASH,
        "1",
        NO_ANCHOR);
  }

  private String committed(String function, String... arguments) throws GatewayException {
    SubmittedTransaction transaction =
        contract.newProposal(function).addArguments(arguments).build().endorse().submitAsync();
    Status status = transaction.getStatus();
    if (!status.isSuccessful()) {
      throw new IllegalStateException(function + " is not valid: " + status.getCode());
    }
    return status.getTransactionId();
  }

  @Override
  public void close() {
    gateway.close();
    channel.shutdownNow();
  }
}
