package org.odap.log.replication;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;
import org.odap.runtime.identity.TlsMaterial;

/** Ratis as this service uses it. */
final class RaftSettings {
  /** A batch: a group of changes, of which the last may be as large as a call may be. */
  private static final SizeInBytes ENTRY_MAX = SizeInBytes.valueOf("32MB");

  private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf("33MB");
  private static final SizeInBytes MESSAGE_MAX = SizeInBytes.valueOf("48MB");
  private static final SizeInBytes SEGMENT_MAX = SizeInBytes.valueOf("64MB");

  /** The newest is being handed to a node while the next is made. */
  private static final int CHECKPOINTS_KEPT = 2;

  /** A node that can't be asked in this time is not there. */
  private static final TimeDuration ASK_LIMIT = TimeDuration.valueOf(5, TimeUnit.SECONDS);

  private RaftSettings() {}

  static RaftProperties properties(ReplicationConfig config, Path directory) {
    RaftProperties properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    GrpcConfigKeys.Server.setHost(properties, config.bindAddress());
    GrpcConfigKeys.Server.setPort(properties, config.port());
    GrpcConfigKeys.setMessageSizeMax(properties, MESSAGE_MAX);
    RaftClientConfigKeys.Rpc.setRequestTimeout(properties, ASK_LIMIT);
    RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));

    TimeDuration timeout = millis(config.electionTimeout().toMillis());
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, timeout);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, timeout.multiply(2));
    RaftServerConfigKeys.Rpc.setRequestTimeout(properties, timeout.multiply(3));
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, timeout.multiply(2));

    // A node that leads answers reads from its memory while no other can have been chosen.
    RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);

    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT_MAX);
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY_MAX);
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, true);
    RaftServerConfigKeys.Write.setByteLimit(properties, MESSAGE_MAX);

    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, config.checkpointBatches());
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, CHECKPOINTS_KEPT);
    return properties;
  }

  /**
   * Mutual TLS 1.3 with this service's key, which may change while it runs. Nodes of one log have
   * one identity, and nobody else is taken for a node.
   */
  static Parameters parameters(TlsMaterial tls) {
    GrpcTlsConfig conf =
        GrpcTlsConfig.newBuilder()
            .setKeyManager(tls.keyManager())
            .setTrustManager(tls.trustManagerOfOwn())
            .setMutualTls(true)
            .setSslProvider(SslProvider.JDK)
            .setProtocols("TLSv1.3")
            .build();
    Parameters parameters = new Parameters();
    GrpcConfigKeys.TLS.setConf(parameters, conf);
    return parameters;
  }

  private static TimeDuration millis(long millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }
}
