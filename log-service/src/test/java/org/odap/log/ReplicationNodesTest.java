package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.log.v1.AddNodeRequest;
import org.odap.api.log.v1.RemoveNodeRequest;
import org.odap.api.log.v1.ReplicationNode;

/** Nodes of a replicated log that come, go, lose their disk and are cut off. */
@Timeout(300)
@Tag("OURS-8")
class ReplicationNodesTest {
  private static final int WRITERS = 8;

  /** Loaded machines are slow to notice; in production it is one election. */
  private static final Duration SECONDS = Duration.ofSeconds(20);

  @TempDir Path folder;
  private LogNodes nodes;

  @AfterEach
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  @Test
  void aNodeWithoutItsDiskIsTakenInAgainAndANewOneTakesAnothersPlace() throws Exception {
    nodes = new LogNodes(folder, "one", "two", "three", "new-four").startAll();
    Writers writers = new Writers(nodes.channel(LogServiceFixture.GATEWAY), WRITERS);
    writers.write(5);
    String lost = nodes.followers().getFirst();
    nodes.kill(lost);
    nodes.loseDisk(lost);
    nodes.start(lost);
    writers.write(5);
    assertThat(nodes.standing(lost).getNodesList()).isEmpty();
    assertThat(node(lost).getAppliedIndex()).isLessThan(node(nodes.leader()).getAppliedIndex());

    nodes.change(stub -> stub.removeNode(RemoveNodeRequest.newBuilder().setName(lost).build()));
    assertThat(nodes.standing(nodes.leader()).getNodesCount()).isEqualTo(2);
    add(lost);
    assertThat(nodes.standing(lost).getNodesList()).hasSize(3);

    nodes.start("new-four");
    add("new-four");
    String gone =
        nodes.followers().stream()
            .filter(name -> !name.startsWith("new"))
            .findFirst()
            .orElseThrow();
    nodes.change(stub -> stub.removeNode(RemoveNodeRequest.newBuilder().setName(gone).build()));
    nodes.kill(gone);

    writers.write(5);
    nodes.kill(nodes.leader());
    writers.write(5);
    writers.compare();
  }

  private ReplicationNode node(String name) {
    return nodes.standing(nodes.leader()).getNodesList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void add(String name) {
    nodes.change(stub ->
        stub.addNode(
            AddNodeRequest.newBuilder().setName(name).setAddress(nodes.raftAddress(name)).build()));
  }

  /** On networks of its own, which need rights that not everybody has. */
  @Test
  void whoLeadsIsCutOffFromTheOthersButNotFromItsCallers() throws Exception {
    assumeThat(Namespaces.arePossible()).as("network namespaces").isTrue();
    try (Namespaces networks = new Namespaces("one", "two", "three");
        LogNodes apart =
            new LogNodes(folder.resolve("apart"), networks, "one", "two", "three").startAll()) {
      Writers cut = new Writers(apart.channel(LogServiceFixture.GATEWAY), WRITERS);
      cut.write(5);
      String leader = apart.leader();
      ManagedChannel channel = apart.channelTo(leader);
      assertThat(ReplicationTest.refuses(channel)).isFalse();

      cut.write(
          20,
          () -> {
            networks.cutOff(leader);
            Waiting.until("it answers nobody any more", () -> ReplicationTest.refuses(channel));
          });
      cut.compare();
      assertThat(cut.longestWait()).isLessThan(SECONDS);

      networks.reconnect(leader);
      cut.write(5);
      cut.compare();
      Waiting.until("it is one of them again", () -> apart.standing(leader).getNodesCount() == 3);
    }
  }
}
