package org.odap.runtime.rpc;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/**
 * What a unary call over mutual TLS costs, both ends in one process: calls a second and processor
 * time a call. Not a test: run its main by hand, on an idle machine.
 */
final class UnaryCallBench {
  private static final int REQUEST_CHARS = 700;

  private UnaryCallBench() {}

  public static void main(String[] args) throws Exception {
    Duration round = Duration.ofSeconds(5);
    Path folder = Files.createTempDirectory("unary-call-bench");
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    Identity log = new Identity("odaplog://alpha.example/log");
    Identity gateway = new Identity("odapgw://alpha.example/gateway");
    CallerRule rule = new CallerRule(gateway.uri(), List.of("odap.log.v1.LogStorageService"));
    RpcServer server =
        RpcServer.builder(
                RpcServerConfig.loopback(List.of(rule)),
                TlsMaterial.load(pki.issue(log, "log", List.of())))
            .service(new EchoLog())
            .build();
    server.start();
    ManagedChannel channel =
        RpcChannels.channel(
            "127.0.0.1",
            server.port(),
            TlsMaterial.load(pki.issue(gateway, "gateway", List.of())),
            log);
    for (int callers : new int[] {64, 64, 64, 1, 1, 1}) {
      measure(channel, callers, round);
    }
    channel.shutdownNow();
    server.stop(Duration.ofSeconds(5));
  }

  private static void measure(ManagedChannel channel, int callers, Duration round)
      throws InterruptedException {
    var stub = LogStorageServiceGrpc.newBlockingStub(channel);
    GetLogLengthRequest request =
        GetLogLengthRequest.newBuilder().setLogId("x".repeat(REQUEST_CHARS)).build();
    LongAdder calls = new LongAdder();
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpuStart = system.getProcessCpuTime();
    long start = System.nanoTime();
    long end = start + round.toNanos();
    CountDownLatch done = new CountDownLatch(callers);
    for (int i = 0; i < callers; i++) {
      Thread.startVirtualThread(() -> {
        while (System.nanoTime() < end) {
          calls.add(stub.getLogLength(request).getLength() / REQUEST_CHARS);
        }
        done.countDown();
      });
    }
    done.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuMicros = (system.getProcessCpuTime() - cpuStart) / 1e3;
    System.out.printf(
        "callers=%d calls/s=%.0f cpu-us/call=%.1f%n",
        callers, calls.sum() / seconds, cpuMicros / calls.sum());
  }
}
