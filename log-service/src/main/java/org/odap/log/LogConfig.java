package org.odap.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.odap.edge.EdgeConfig;
import org.odap.log.archive.RetentionConfig;
import org.odap.log.backup.BackupConfig;
import org.odap.log.replication.ReplicationConfig;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;
import org.odap.runtime.encryption.EncryptionConfig;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;

/** Configuration of a log service. */
public record LogConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("HTTP and JSON for the same callers; without it there is only gRPC")
        Optional<EdgeConfig> edge,
    @Description("folder of the logs; made when it does not exist; one service uses it at a time")
        Path dataDirectory,
    @Description("encryption of entries at rest; without it they are stored as they come")
        Optional<EncryptionConfig> encryption,
    @Description("backups of the running service; without it there are none")
        Optional<BackupConfig> backup,
    @Description("archives for transfers that ended long ago; without it their logs stay for ever")
        Optional<RetentionConfig> retention,
    @Description("several nodes that keep the logs together; without it this one keeps them alone")
        Optional<ReplicationConfig> replication)
    implements ServiceConfig, Checked {
  /** A call goes to the other nodes as a part of one message. */
  private static final int REPLICATED_BYTES_MAX = 16 << 20;

  @Override
  public List<String> mistakes() {
    return replication.isPresent() && server.messageBytesMax() > REPLICATED_BYTES_MAX
        ? List.of(
            "server.message-bytes-max: value: %d (expected: at most %d for a replicated log)"
                .formatted(server.messageBytesMax(), REPLICATED_BYTES_MAX))
        : List.of();
  }
}
