package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitiateTransferRequest;
import org.odap.api.peer.v1.PeerServiceGrpc;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;

/** A counterparty that calls as often as it can is held to its share; others get theirs. */
@Tag("CARD-3")
@ExtendWith(SharedSystem.class)
class FloodTest {
  private static final int CONNECTIONS = 4;
  private static final int CALLS_AT_A_TIME = 64;

  @Test
  @Timeout(120)
  void floodOfOneCounterpartyHoldsUpNoTransferOfAnother(StorySystem system) throws Exception {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    TlsFiles gamma = system.gamma().gatewayFiles(List.of(system.alpha().entity()));
    Map<ErrorReason, LongAdder> answers = new ConcurrentHashMap<>();
    AtomicBoolean isOver = new AtomicBoolean();
    List<ManagedChannel> channels = new ArrayList<>();
    List<Thread> callers = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        channels.add(RpcChannels.channel(system.alpha().gateway(), TlsMaterial.load(gamma)));
      }
      for (int i = 0; i < CALLS_AT_A_TIME; i++) {
        ManagedChannel channel = channels.get(i % CONNECTIONS);
        callers.add(Thread.startVirtualThread(() -> flood(channel, isOver, answers)));
      }
      while (!answers.containsKey(ErrorReason.ERROR_REASON_TOO_MANY_CALLS)) {
        Thread.onSpinWait();
      }

      journey.begin().assertUnitsArrived();

      assertThat(answers.get(ErrorReason.ERROR_REASON_TOO_MANY_CALLS).sum())
          .as("calls refused while the transfer went on: %s", answers)
          .isGreaterThan(1_000);
    } finally {
      isOver.set(true);
      channels.forEach(ManagedChannel::shutdownNow);
      for (Thread caller : callers) {
        assertThat(caller.join(java.time.Duration.ofSeconds(20))).isTrue();
      }
    }
  }

  private static void flood(
      ManagedChannel channel, AtomicBoolean isOver, Map<ErrorReason, LongAdder> answers) {
    while (!isOver.get()) {
      try {
        var _ =
            PeerServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .initiateTransfer(InitiateTransferRequest.getDefaultInstance());
      } catch (StatusRuntimeException refused) {
        answers
            .computeIfAbsent(OdapErrors.fromGrpc(refused).reason(), any -> new LongAdder())
            .increment();
      }
    }
  }
}
