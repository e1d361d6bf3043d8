package org.odap.cli.bench;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.StreamLogEntriesRequest;
import org.odap.api.log.v1.StreamLogEntriesResponse;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.cli.CliException;

/** One stream of appends that many writers share, as those of a gateway do. */
final class LogStream implements StreamObserver<StreamLogEntriesResponse> {
  private final Map<Long, CompletableFuture<StreamLogEntriesResponse>> waiting =
      new ConcurrentHashMap<>();
  private final AtomicLong tags = new AtomicLong();
  private final StreamObserver<StreamLogEntriesRequest> requests;

  LogStream(Channel channel) {
    requests = LogStorageServiceGrpc.newStub(channel).streamLogEntries(this);
  }

  /** Appends; durable when it returns. */
  void append(WriteLogEntriesRequest write) {
    long tag = tags.incrementAndGet();
    CompletableFuture<StreamLogEntriesResponse> answer = new CompletableFuture<>();
    waiting.put(tag, answer);
    synchronized (requests) {
      requests.onNext(StreamLogEntriesRequest.newBuilder().setTag(tag).setWrite(write).build());
    }
    if (!answer.join().hasWritten()) {
      throw new CliException("an append was refused: " + answer.join().getRefused());
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
  public void onCompleted() {
    onError(new CliException("the log service ended the stream"));
  }
}
