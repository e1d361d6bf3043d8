package org.odap.cli.log;

import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.odap.api.log.v1.LogOperationServiceGrpc;
import org.odap.api.log.v1.LogOperationServiceGrpc.LogOperationServiceBlockingStub;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.ReplicationServiceGrpc;
import org.odap.api.log.v1.ReplicationServiceGrpc.ReplicationServiceBlockingStub;
import org.odap.cli.CliException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;
import picocli.CommandLine.Option;

/** The running log service that a command talks to. */
final class RunningLog {
  /** A node that is taken in gets a copy of all there is first. */
  private static final int CHANGE_LIMIT_MINUTES = 30;

  @Option(
      names = "--log-profile",
      paramLabel = "FILE",
      required = true,
      description = "Connection to the log service: YAML with log (address, identity) and tls.")
  private Path file;

  /** Calls the operators' service, at the node that answers it. */
  <T> T call(Function<LogOperationServiceBlockingStub, T> request) {
    return call(
        LogOperationServiceGrpc.SERVICE_NAME,
        channel -> request.apply(LogOperationServiceGrpc.newBlockingStub(channel)));
  }

  /** Calls the node that leads a replicated log. */
  <T> T callLeader(Function<ReplicationServiceBlockingStub, T> request) {
    return call(
        LogStorageServiceGrpc.SERVICE_NAME,
        channel ->
            request.apply(
                ReplicationServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CHANGE_LIMIT_MINUTES, TimeUnit.MINUTES)));
  }

  /** Calls each of the profile's addresses, whatever it is to the others. */
  <T> List<T> callEach(BiFunction<String, ReplicationServiceBlockingStub, T> request) {
    LogProfile profile = profile();
    TlsMaterial tls = TlsMaterial.load(profile.tls());
    return profile.log().addresses().stream()
        .map(address -> {
          ManagedChannel channel =
              RpcChannels.channel(new RpcTarget(address, profile.log().identity()), tls);
          try {
            return request.apply(address, ReplicationServiceGrpc.newBlockingStub(channel));
          } finally {
            channel.shutdownNow();
          }
        })
        .toList();
  }

  private <T> T call(String service, Function<ManagedChannel, T> request) {
    LogProfile profile = profile();
    ManagedChannel channel =
        RpcChannels.channel(profile.log(), service, TlsMaterial.load(profile.tls()));
    try {
      return request.apply(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private LogProfile profile() {
    if (!Files.isRegularFile(file)) {
      throw new CliException("there is no profile " + file);
    }
    return ConfigFile.read(file, LogProfile.class);
  }
}
