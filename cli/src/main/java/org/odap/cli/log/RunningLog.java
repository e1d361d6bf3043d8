package org.odap.cli.log;

import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.odap.api.log.v1.LogOperationServiceGrpc;
import org.odap.api.log.v1.LogOperationServiceGrpc.LogOperationServiceBlockingStub;
import org.odap.cli.CliException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;
import picocli.CommandLine.Option;

/** The running log service that a command talks to. */
final class RunningLog {
  @Option(
      names = "--log-profile",
      paramLabel = "FILE",
      required = true,
      description = "Connection to the log service: YAML with log (address, identity) and tls.")
  private Path file;

  /** Calls the service. */
  <T> T call(Function<LogOperationServiceBlockingStub, T> request) {
    if (!Files.isRegularFile(file)) {
      throw new CliException("there is no profile " + file);
    }
    LogProfile profile = ConfigFile.read(file, LogProfile.class);
    ManagedChannel channel = RpcChannels.channel(profile.log(), TlsMaterial.load(profile.tls()));
    try {
      return request.apply(LogOperationServiceGrpc.newBlockingStub(channel));
    } finally {
      channel.shutdownNow();
    }
  }
}
