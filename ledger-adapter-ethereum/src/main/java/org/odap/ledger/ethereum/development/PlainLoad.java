package org.odap.ledger.ethereum.development;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.escrow.EscrowCalls;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.runtime.ledger.References;
import org.odap.runtime.measurement.PlainProgram;
import org.odap.runtime.measurement.TransferSteps;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;
import org.web3j.utils.Numeric;

/**
 * Transfer steps by web3j alone: a raw transaction a step, nonces counted here, fees and gas fixed,
 * nothing estimated or asked but the receipt. Trusts in that nothing goes wrong.
 *
 * <pre>
 *   --node-url URL --chain-id N --escrow ADDRESS --token ADDRESS --holder ADDRESS --key-file FILE,
 *   and those of PlainProgram
 * </pre>
 */
public final class PlainLoad implements TransferSteps {
  private static final BigInteger TIP = BigInteger.TEN.pow(9);
  private static final BigInteger FEE_PER_GAS_MAX = BigInteger.TEN.pow(11);

  /** More than any step takes. */
  private static final BigInteger GAS_LIMIT = BigInteger.valueOf(1_000_000);

  private static final long EPOCH = 1;
  private static final Duration LOCK_TIME = Duration.ofHours(1);
  private static final Duration MINED_WITHIN = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);
  private static final String HASH = "cd".repeat(32);

  private final OkHttpClient http;
  private final Web3j web3j;
  private final Credentials credentials;
  private final long chainId;
  private final String escrow;
  private final Address token;
  private final Address holder;
  private final AtomicReference<BigInteger> nextNonce;

  private PlainLoad(Map<String, String> options, int inFlight) throws IOException {
    this.http =
        new OkHttpClient.Builder()
            .callTimeout(CALL_TIMEOUT)
            .connectionPool(new ConnectionPool(inFlight, 1, TimeUnit.MINUTES))
            .build();
    this.web3j = Web3j.build(new HttpService(options.get("--node-url"), http));
    this.credentials =
        Credentials.create(Files.readString(Path.of(options.get("--key-file"))).strip());
    this.chainId = Long.parseLong(options.get("--chain-id"));
    this.escrow = options.get("--escrow");
    this.token = new Address(options.get("--token"));
    this.holder = new Address(options.get("--holder"));
    this.nextNonce =
        new AtomicReference<>(
            answered(
                    web3j
                        .ethGetTransactionCount(
                            credentials.getAddress(), DefaultBlockParameterName.PENDING)
                        .send())
                .getTransactionCount());
  }

  /** Measures; prints what came of it. */
  public static void main(String... args) {
    System.exit(
        new PlainProgram(
                "--node-url", "--chain-id", "--escrow", "--token", "--holder", "--key-file")
            .run(args, PlainLoad::new));
  }

  @Override
  public String logIncoming(String transferId, long asset) throws IOException {
    return mined(
        EscrowCalls.logIncoming(
            id(transferId), token, BigInteger.valueOf(asset), holder, HASH, EPOCH));
  }

  @Override
  public String create(String transferId, long asset, String announcement) throws IOException {
    return mined(
        EscrowCalls.createFromTransfer(id(transferId), HASH, References.to(announcement), EPOCH));
  }

  @Override
  public String lock(String transferId, long asset) throws IOException {
    return mined(
        EscrowCalls.lock(
            id(transferId),
            token,
            BigInteger.valueOf(asset),
            holder,
            System.currentTimeMillis() + LOCK_TIME.toMillis(),
            HASH,
            EPOCH));
  }

  @Override
  public String finalizeLock(String transferId, long asset, String lock) throws IOException {
    return mined(EscrowCalls.finalizeLock(id(transferId), References.to(lock), EPOCH));
  }

  @Override
  public String recordLocation(String transferId, long asset, String finalization)
      throws IOException {
    return mined(
        EscrowCalls.recordLocation(
            id(transferId), "ethereum-elsewhere", HASH, 1, References.to(finalization), EPOCH));
  }

  private static TransferId id(String transferId) {
    return TransferId.parse(transferId).orElseThrow();
  }

  /** Sends a call of the escrow and waits for its block. */
  private String mined(String data) throws IOException {
    RawTransaction transaction =
        RawTransaction.createTransaction(
            chainId,
            nextNonce.getAndUpdate(nonce -> nonce.add(BigInteger.ONE)),
            GAS_LIMIT,
            escrow,
            BigInteger.ZERO,
            data,
            TIP,
            FEE_PER_GAS_MAX);
    String signed = Numeric.toHexString(TransactionEncoder.signMessage(transaction, credentials));
    String hash = answered(web3j.ethSendRawTransaction(signed).send()).getTransactionHash();
    TransactionReceipt receipt = receipt(hash);
    if (!receipt.isStatusOK()) {
      throw new IllegalStateException("reverted: " + hash);
    }
    return hash;
  }

  private TransactionReceipt receipt(String hash) throws IOException {
    long deadline = System.nanoTime() + MINED_WITHIN.toNanos();
    while (System.nanoTime() - deadline < 0) {
      Optional<TransactionReceipt> receipt =
          answered(web3j.ethGetTransactionReceipt(hash).send()).getTransactionReceipt();
      if (receipt.isPresent()) {
        return receipt.get();
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new IllegalStateException("in no block after " + MINED_WITHIN + ": " + hash);
  }

  private static <T extends Response<?>> T answered(T response) {
    if (response.hasError()) {
      throw new IllegalStateException("the node refused: " + response.getError().getMessage());
    }
    return response;
  }

  @Override
  public void close() {
    web3j.shutdown();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
