package org.odap.cli.crash;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.odap.api.client.v1.TransferServiceGrpc.TransferServiceBlockingStub;
import org.odap.cli.client.GatewayConnection;
import org.odap.cli.client.ProfileOption;
import org.odap.cli.system.RunningSide;

/** A gateway and its backups as their client uses them: the first that can answers. */
final class AnyReplica implements AutoCloseable {
  private static final long ANSWER_SECONDS_MAX = 30;

  private final List<GatewayConnection> replicas;

  AnyReplica(RunningSide side) {
    replicas =
        Stream.concat(Stream.<Path>of(side.profile()), side.backups().stream())
            .map(profile -> GatewayConnection.open(ProfileOption.read(profile)))
            .toList();
  }

  /** The client's own public key. */
  String publicKey() {
    return replicas.getFirst().publicKey();
  }

  /**
   * The answer of the first replica that is there and can give one.
   *
   * @throws StatusRuntimeException the first refusal that is not UNAVAILABLE, or the last of all
   */
  <T> T ask(Function<TransferServiceBlockingStub, T> call) {
    StatusRuntimeException failed = Status.UNAVAILABLE.asRuntimeException();
    for (GatewayConnection replica : replicas) {
      try {
        return call.apply(stub(replica));
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          throw e;
        }
        failed = e;
      }
    }
    throw failed;
  }

  private static TransferServiceBlockingStub stub(GatewayConnection replica) {
    return replica.transfers().withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    replicas.forEach(GatewayConnection::close);
  }
}
