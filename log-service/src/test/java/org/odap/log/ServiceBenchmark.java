package org.odap.log;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.odap.api.log.v1.AcquireLeaseRequest;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.store.Chain;

/**
 * Measures appends over mutual TLS, by writers that each wait for their answer, as calls and over
 * one stream; processor time is that of both ends. No test: run its main with a directory on the
 * disk in question.
 */
final class ServiceBenchmark {
  private static final int ENTRIES_A_LOG = 20;
  private static final int APPENDS = 20_000;

  private ServiceBenchmark() {}

  /** Sends one append and waits until it is durable. */
  private interface Sender {
    void send(WriteLogEntriesRequest request);
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "append-benchmark");
    try (LogServiceFixture fixture = new LogServiceFixture(directory)) {
      Channel channel = fixture.channel(LogServiceFixture.GATEWAY);
      long epoch =
          LeaseServiceGrpc.newBlockingStub(channel)
              .acquireLease(
                  AcquireLeaseRequest.newBuilder()
                      .setHolder("bench")
                      .setDurationMillis(600_000)
                      .build())
              .getEpoch();
      LogStorageServiceGrpc.LogStorageServiceBlockingStub stub =
          LogStorageServiceGrpc.newBlockingStub(channel);
      Sender calls = request -> stub.writeLogEntries(request);
      Sender stream = new Streamed(channel);
      run("warm-up, calls", calls, epoch, 64);
      run("warm-up, stream", stream, epoch, 64);
      for (int writers : List.of(32, 64, 256)) {
        run("calls", calls, epoch, writers);
        run("stream", stream, epoch, writers);
      }
    }
    System.exit(0);
  }

  private static final class Streamed implements Sender, StreamObserver<StreamLogEntriesResponse> {
    private final Map<Long, CompletableFuture<StreamLogEntriesResponse>> waiting =
        new ConcurrentHashMap<>();
    private final AtomicLong tags = new AtomicLong();
    private final StreamObserver<StreamLogEntriesRequest> requests;

    Streamed(Channel channel) {
      requests = LogStorageServiceGrpc.newStub(channel).streamLogEntries(this);
    }

    @Override
    public void send(WriteLogEntriesRequest write) {
      long tag = tags.incrementAndGet();
      CompletableFuture<StreamLogEntriesResponse> answer = new CompletableFuture<>();
      waiting.put(tag, answer);
      StreamLogEntriesRequest request =
          StreamLogEntriesRequest.newBuilder().setTag(tag).setWrite(write).build();
      synchronized (requests) {
        requests.onNext(request);
      }
      if (!answer.join().hasWritten()) {
        throw new IllegalStateException(answer.join().getRefused().toString());
      }
    }

    @Override
    public void onNext(StreamLogEntriesResponse answer) {
      waiting.remove(answer.getTag()).complete(answer);
    }

    @Override
    public void onError(Throwable broken) {
      waiting.values().forEach(answer -> answer.completeExceptionally(broken));
    }

    @Override
    public void onCompleted() {}
  }

  private static void run(String name, Sender sender, long epoch, int writers) throws Exception {
    List<List<WriteLogEntriesRequest>> logs = new ArrayList<>();
    for (int i = 0; i < APPENDS / ENTRIES_A_LOG; i++) {
      logs.add(plan(epoch));
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int first = i;
        ends.add(
            threads.submit(() -> {
              for (int log = first; log < logs.size(); log += writers) {
                logs.get(log).forEach(sender::send);
              }
            }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    System.out.printf(
        "%s, %d writers: %,.0f appends/s, %.0f us of processor an append%n",
        name,
        writers,
        APPENDS * 1e9 / (System.nanoTime() - start),
        (system.getProcessCpuTime() - cpu) / 1e3 / APPENDS);
  }

  private static List<WriteLogEntriesRequest> plan(long epoch) {
    Chain chain = Chain.fresh();
    List<WriteLogEntriesRequest> requests = new ArrayList<>();
    for (int i = 1; i <= ENTRIES_A_LOG; i++) {
      LogEntry entry = chain.nextEntry().build();
      requests.add(
          WriteLogEntriesRequest.newBuilder()
              .setLogId(chain.log().value())
              .setEpoch(epoch)
              .addEntries(entry)
              .setClose(i == ENTRIES_A_LOG)
              .build());
    }
    return requests;
  }
}
