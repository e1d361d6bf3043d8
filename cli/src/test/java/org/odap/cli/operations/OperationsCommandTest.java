package org.odap.cli.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.client.v1.DrainRequest;
import org.odap.api.client.v1.DrainResponse;
import org.odap.api.client.v1.EnterMaintenanceRequest;
import org.odap.api.client.v1.EnterMaintenanceResponse;
import org.odap.api.client.v1.GetOperationsRequest;
import org.odap.api.client.v1.GetOperationsResponse;
import org.odap.api.client.v1.GivenUpTracker;
import org.odap.api.client.v1.OperationServiceGrpc;
import org.odap.api.client.v1.Operations;
import org.odap.api.client.v1.PauseRequest;
import org.odap.api.client.v1.PauseResponse;
import org.odap.api.client.v1.PostAgainRequest;
import org.odap.api.client.v1.PostAgainResponse;
import org.odap.api.client.v1.RemoveLimitRequest;
import org.odap.api.client.v1.RemoveLimitResponse;
import org.odap.api.client.v1.ResumeRequest;
import org.odap.api.client.v1.ResumeResponse;
import org.odap.api.client.v1.SetLimitRequest;
import org.odap.api.client.v1.SetLimitResponse;
import org.odap.api.common.v1.Halt;
import org.odap.api.common.v1.HaltKind;
import org.odap.api.common.v1.Limit;
import org.odap.api.common.v1.OperationScope;
import org.odap.cli.system.YamlFile;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.RpcServer;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;
import picocli.CommandLine;

/** What each command asks of a gateway, and how it shows the answer. */
@Tag("OURS-3")
class OperationsCommandTest {
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity OPERATOR = new Identity("odapclient://alpha.example/operator");

  private record Said(int exitCode, List<String> lines) {}

  @TempDir private Path folder;
  private final Recorder gateway = new Recorder();
  private RpcServer server;
  private Path profile;

  @BeforeEach
  void start() throws IOException {
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    server =
        RpcServer.builder(
                RpcServerConfig.loopback(
                    List.of(
                        new CallerRule(
                            OPERATOR.uri(), List.of(OperationServiceGrpc.SERVICE_NAME)))),
                TlsMaterial.load(pki.issue(GATEWAY, "gateway", List.of())))
            .service(gateway)
            .build();
    server.start();
    profile = folder.resolve("client.yaml");
    YamlFile.write(
        profile,
        YamlFile.profile(
            new RpcTarget("127.0.0.1:" + server.port(), GATEWAY.uri()),
            pki.issue(OPERATOR, "operator", List.of())));
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.stop(Duration.ofSeconds(5));
  }

  @Test
  void eachCommandAsksForWhatItSays() {
    assertThat(asked("status")).isEqualTo(GetOperationsRequest.getDefaultInstance());
    assertThat(asked("pause --reason r --request-id k --ledger sql --counterparty b"))
        .isEqualTo(
            PauseRequest.newBuilder()
                .setRequestId("k")
                .setReason("r")
                .setScope(OperationScope.newBuilder().setDltSystem("sql").setCounterparty("b"))
                .build());
    assertThat(asked("drain --reason r --request-id k"))
        .isEqualTo(DrainRequest.newBuilder().setRequestId("k").setReason("r").build());
    assertThat(asked("maintenance --reason r --request-id k"))
        .isEqualTo(EnterMaintenanceRequest.newBuilder().setRequestId("k").setReason("r").build());
    assertThat(asked("resume --reason r --request-id k"))
        .isEqualTo(ResumeRequest.newBuilder().setRequestId("k").setReason("r").build());
    assertThat(asked("limit cash --sum 50 --period 60 --role sender --reason r --request-id k"))
        .isEqualTo(
            SetLimitRequest.newBuilder()
                .setRequestId("k")
                .setLimit(
                    Limit.newBuilder()
                        .setName("cash")
                        .setSumMax("50")
                        .setPeriodSeconds(60)
                        .setRole("sender")
                        .setReason("r"))
                .build());
    assertThat(asked("unlimit cash --reason r --request-id k"))
        .isEqualTo(
            RemoveLimitRequest.newBuilder()
                .setRequestId("k")
                .setName("cash")
                .setReason("r")
                .build());
    assertThat(asked("post-again 7 --reason r --request-id k"))
        .isEqualTo(
            PostAgainRequest.newBuilder()
                .setRequestId("k")
                .setTransferId("7")
                .setReason("r")
                .build());
    assertThat(asked("post-again --reason r --request-id k"))
        .isEqualTo(PostAgainRequest.newBuilder().setRequestId("k").setReason("r").build());
  }

  @Test
  @Tag("OURS-5")
  void anOrderWithoutAKeyGetsOneOfItsOwn() {
    PauseRequest first = (PauseRequest) asked("pause --reason r");
    PauseRequest second = (PauseRequest) asked("pause --reason r");

    assertThat(first.hasScope()).isFalse();
    assertThat(first.getRequestId()).hasSize(36).isNotEqualTo(second.getRequestId());
  }

  @Test
  void aHaltMayEndByItself() {
    long before = System.currentTimeMillis();
    long until = ((DrainRequest) asked("drain --reason r --for PT30M")).getUntil();

    Duration halfAnHour = Duration.ofMinutes(30);
    assertThat(until)
        .isBetween(
            before + halfAnHour.toMillis(), System.currentTimeMillis() + halfAnHour.toMillis());
  }

  @Test
  void anOrderNeedsAReason() {
    for (String command : List.of("pause", "drain", "maintenance", "resume", "unlimit x")) {
      assertThat(run(command).exitCode()).as(command).isEqualTo(2);
    }
    assertThat(gateway.requests).isEmpty();
  }

  @Test
  void whatIsOrderedIsShownToAPerson() {
    assertThat(run("status").lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("takes nothing new, 2 in flight"),
            line -> assertThat(line).startsWith("halt").contains("ordered by"),
            line -> assertThat(line).startsWith("drain").contains("everything", "audit", "resumed"),
            line -> assertThat(line).startsWith("limit"),
            line -> assertThat(line).startsWith("cash").contains("50 in 60 s"),
            line -> assertThat(line).startsWith("tracker given up"),
            line ->
                assertThat(line)
                    .startsWith("https://tracker.example:443")
                    .contains("7 sender", "403", "1970-01-01T00:00:01Z"));
  }

  @Test
  void aProgramGetsTheAnswerAsJson() {
    assertThat(run("status --json").lines())
        .singleElement()
        .asString()
        .startsWith("{\"halts\":[{\"kind\":\"HALT_KIND_DRAIN\"");
  }

  private Message asked(String arguments) {
    assertThat(run(arguments).exitCode()).as(arguments).isZero();
    return gateway.requests.getLast();
  }

  private Said run(String arguments) {
    List<String> all = new ArrayList<>(List.of(arguments.split(" ", -1)));
    all.addAll(List.of("--profile", profile.toString()));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
    try {
      int exitCode = new CommandLine(new OperationsCommand()).execute(all.toArray(String[]::new));
      return new Said(exitCode, text.toString(StandardCharsets.UTF_8).lines().toList());
    } finally {
      System.setOut(before);
    }
  }

  /** A gateway that notes what it is asked, and always answers the same. */
  private static final class Recorder extends OperationServiceGrpc.OperationServiceImplBase {
    private static final Operations OPERATIONS =
        Operations.newBuilder()
            .setInFlight(2)
            .addHalts(
                Halt.newBuilder()
                    .setKind(HaltKind.HALT_KIND_DRAIN)
                    .setReason("audit")
                    .setOrderedAt(1))
            .addLimits(
                Limit.newBuilder().setName("cash").setSumMax("50").setPeriodSeconds(60).build())
            .addGivenUpTrackers(
                GivenUpTracker.newBuilder()
                    .setTransferId("7")
                    .setRole("sender")
                    .setTracker("https://tracker.example:443")
                    .setStatus(403)
                    .setGivenUpAt(1_000))
            .build();

    private final List<Message> requests = new CopyOnWriteArrayList<>();

    private <T> void answer(Message request, StreamObserver<T> observer, T answer) {
      requests.add(request);
      Answers.answer(observer, answer);
    }

    @Override
    public void getOperations(
        GetOperationsRequest request, StreamObserver<GetOperationsResponse> observer) {
      answer(
          request, observer, GetOperationsResponse.newBuilder().setOperations(OPERATIONS).build());
    }

    @Override
    public void pause(PauseRequest request, StreamObserver<PauseResponse> observer) {
      answer(request, observer, PauseResponse.newBuilder().setOperations(OPERATIONS).build());
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<DrainResponse> observer) {
      answer(request, observer, DrainResponse.newBuilder().setOperations(OPERATIONS).build());
    }

    @Override
    public void enterMaintenance(
        EnterMaintenanceRequest request, StreamObserver<EnterMaintenanceResponse> observer) {
      answer(
          request,
          observer,
          EnterMaintenanceResponse.newBuilder().setOperations(OPERATIONS).build());
    }

    @Override
    public void resume(ResumeRequest request, StreamObserver<ResumeResponse> observer) {
      answer(request, observer, ResumeResponse.newBuilder().setOperations(OPERATIONS).build());
    }

    @Override
    public void setLimit(SetLimitRequest request, StreamObserver<SetLimitResponse> observer) {
      answer(request, observer, SetLimitResponse.newBuilder().setOperations(OPERATIONS).build());
    }

    @Override
    public void removeLimit(
        RemoveLimitRequest request, StreamObserver<RemoveLimitResponse> observer) {
      answer(request, observer, RemoveLimitResponse.newBuilder().setOperations(OPERATIONS).build());
    }

    @Override
    public void postAgain(PostAgainRequest request, StreamObserver<PostAgainResponse> observer) {
      answer(request, observer, PostAgainResponse.newBuilder().setOperations(OPERATIONS).build());
    }
  }
}
