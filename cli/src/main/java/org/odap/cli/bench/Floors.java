package org.odap.cli.bench;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.odap.api.client.v1.GetTransferRequest;
import org.odap.api.client.v1.GetTransferResponse;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceBlockingStub;
import org.odap.cli.CliException;
import org.odap.core.envelope.Es256;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.measurement.Latencies;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServer;
import org.odap.runtime.rpc.RpcServerConfig;

/**
 * What the parts of a transfer cost alone on this machine, in this run: nothing built of them can
 * be cheaper.
 *
 * @param callMillis a unary call over mutual TLS and its answer, 700 bytes each way
 * @param callCpuMicros CPU of it, both ends
 * @param signMicros an ES256 signature
 * @param verifyMicros the check of one
 * @param syncMicros an append of 500 bytes, synced
 */
record Floors(
    double callMillis,
    double callCpuMicros,
    double signMicros,
    double verifyMicros,
    double syncMicros) {
  private static final int CALLS = 5_000;
  private static final int SIGNATURES = 5_000;
  private static final int APPENDS = 2_000;

  /** Each floor settles within seconds. */
  private static final Duration WARM_UP_MAX = Duration.ofSeconds(20);

  private static final int APPEND_BYTES = 500;
  private static final int MESSAGE_CHARS = 700;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double MICROS_PER_SECOND = 1e6;

  static Floors measure(Path folder) throws InterruptedException {
    DevelopmentPki pki = DevelopmentPki.create(folder.resolve("pki"), "floor.example");
    Identity identity = new Identity("odapgw://floor.example/echo");
    TlsMaterial tls = TlsMaterial.load(pki.issue(identity, "echo", List.of()));
    try {
      Call call = call(tls, identity);
      SigningKey key = tls.signingKey();
      byte[] hash = new byte[32];
      String signature = key.sign(hash);
      double sign = micros(SIGNATURES, () -> key.sign(hash).length());
      double verify =
          micros(SIGNATURES, () -> Es256.verify(key.publicKey(), hash, signature) ? 1 : 0);
      return new Floors(call.millis(), call.cpuMicros(), sign, verify, syncMicros(folder));
    } catch (IOException e) {
      throw new CliException("the floors can't be measured: " + e.getMessage(), e);
    }
  }

  private record Call(double millis, double cpuMicros) {}

  private static Call call(TlsMaterial tls, Identity identity)
      throws IOException, InterruptedException {
    CallerRule rule = new CallerRule(identity.uri(), List.of("odap.client.v1.TransferService"));
    RpcServer server =
        RpcServer.builder(RpcServerConfig.loopback(List.of(rule)), tls).service(new Echo()).build();
    try {
      server.start();
      return timed(tls, identity, server.port());
    } finally {
      server.stop(Duration.ofSeconds(1));
    }
  }

  private static Call timed(TlsMaterial tls, Identity identity, int port)
      throws InterruptedException {
    ManagedChannel channel = RpcChannels.channel("127.0.0.1", port, tls, identity);
    try {
      var stub = TransferServiceGrpc.newBlockingStub(channel);
      GetTransferRequest request =
          GetTransferRequest.newBuilder().setTransferId("x".repeat(MESSAGE_CHARS)).build();
      double _ =
          WarmUp.untilStable(WARM_UP_MAX, () -> perSecond(CALLS, () -> called(stub, request)));
      long[] nanos = new long[CALLS];
      Duration cpu = ownCpu();
      for (int i = 0; i < CALLS; i++) {
        long start = System.nanoTime();
        stub.getTransfer(request);
        nanos[i] = System.nanoTime() - start;
      }
      Duration used = ownCpu().minus(cpu);
      return new Call(
          new Latencies(nanos).percentileMillis(0.5), used.toNanos() / NANOS_PER_MICRO / CALLS);
    } finally {
      channel.shutdownNow();
    }
  }

  private static int called(TransferServiceBlockingStub stub, GetTransferRequest request) {
    return stub.getTransfer(request).getSerializedSize();
  }

  /** CPU this process has used. */
  static Duration ownCpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double syncMicros(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("floor");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long start = System.nanoTime();
      for (int i = 0; i < APPENDS; i++) {
        channel.write(ByteBuffer.allocate(APPEND_BYTES));
        channel.force(false);
      }
      return (System.nanoTime() - start) / NANOS_PER_MICRO / APPENDS;
    }
  }

  /** Something to time; what it returns is used, so that it can't be left out. */
  private interface Work {
    int run();
  }

  /** What a piece of work takes once the JVM has compiled it. */
  private static double micros(int times, Work work) throws InterruptedException {
    return MICROS_PER_SECOND / WarmUp.untilStable(WARM_UP_MAX, () -> perSecond(times, work));
  }

  private static double perSecond(int times, Work work) {
    long start = System.nanoTime();
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum += work.run();
    }
    double seconds = (System.nanoTime() - start) / NANOS_PER_MICRO / MICROS_PER_SECOND;
    return sum < 0 ? 0 : times / seconds;
  }

  private static final class Echo extends TransferServiceGrpc.TransferServiceImplBase {
    @Override
    public void getTransfer(
        GetTransferRequest request, StreamObserver<GetTransferResponse> observer) {
      Answers.answer(
          observer,
          GetTransferResponse.newBuilder()
              .setTransfer(Transfer.newBuilder().setTransferId(request.getTransferId()))
              .build());
    }
  }
}
