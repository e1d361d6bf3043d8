package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.Messages;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;

/** A log that can't be right stops its transfer (recovery-01 5). */
class FoldTest {
  private static final List<LogEntry> LOG = log();

  private static List<LogEntry> log() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.run();
    return gateways.sender().log();
  }

  @Test
  void anEntryLeftOutIsNoticed() {
    assertCorrupt(afterFirst(), LOG.get(2), "does not continue entry 1");
  }

  @Test
  void anEntryOfAnotherChainIsNoticed() {
    LogEntry other = LOG.get(1).toBuilder().setLastEntryHash("12".repeat(32)).build();
    assertCorrupt(afterFirst(), other, "does not continue entry 1");
  }

  @Test
  void anEntryTwiceIsNoticed() {
    assertCorrupt(afterFirst(), LOG.getFirst(), "does not continue entry 1");
  }

  @Test
  void aCommandOfALaterReleaseStopsTheTransferUnlessItMayBeSkipped() {
    LogEntry.Builder later = LOG.get(1).toBuilder();
    later.getPayloadBuilder().setMessage("note-weather");

    assertCorrupt(afterFirst(), later.build(), "unknown command note-weather");
    Transfer skipped = TransferMachine.apply(afterFirst(), later.setIgnorable(true).build());
    assertThat(skipped.state()).isEqualTo(afterFirst().state());
    assertThat(skipped.head().length()).isEqualTo(2);
  }

  @Test
  void contentThatIsNoneStopsTheTransfer() {
    for (Any content :
        List.of(
            Any.newBuilder().setTypeUrl("type.googleapis.com/odap.storage.v1.Weather").build(),
            Any.newBuilder().setTypeUrl("type.googleapis.com/odap.peer.v1.Weather").build(),
            LOG.get(1).getPayload().getContent().toBuilder()
                .setValue(ByteString.copyFromUtf8("\u00ff"))
                .build())) {
      LogEntry.Builder entry = LOG.get(1).toBuilder();
      entry.getPayloadBuilder().setContent(content);

      assertCorrupt(afterFirst(), entry.build(), "unreadable content");
    }
  }

  private static Transfer afterFirst() {
    return TransferMachine.apply(Transfer.unopened(Role.SENDER, Messages.frame()), LOG.getFirst());
  }

  private static void assertCorrupt(Transfer transfer, LogEntry entry, String what) {
    assertThatThrownBy(() -> TransferMachine.apply(transfer, entry))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(what);
  }
}
