package org.odap.log;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.log.v1.LeaseServiceGrpc;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.api.log.v1.RenewLeaseRequest;
import org.odap.api.log.v1.WriteLogEntriesRequest;
import org.odap.log.entry.LogId;
import org.odap.log.store.Chain;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TrustedOrganization;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;

/**
 * A primary gateway reduced to its log: a process that takes a lease and goes on writing one log
 * under it, whatever time passes. It prints each thing done, and ends when it is refused.
 */
final class LeaseHolder {
  private LeaseHolder() {}

  /** Arguments: folder of the certificates, port of the log service, log, T in milliseconds. */
  public static void main(String[] args) throws InterruptedException {
    Path folder = Path.of(args[0]);
    TlsMaterial tls =
        TlsMaterial.load(
            new TlsFiles(
                folder.resolve("gateway.pem"),
                folder.resolve("gateway-key.pem"),
                List.of(new TrustedOrganization("alpha.example", folder.resolve("entity.pem")))));
    ManagedChannel channel =
        RpcChannels.channel("127.0.0.1", Integer.parseInt(args[1]), tls, LogServiceFixture.LOG);
    try {
      hold(channel, new Chain(new LogId(args[2])), Integer.parseInt(args[3]));
    } catch (StatusRuntimeException e) {
      System.out.println("refused " + OdapErrors.name(OdapErrors.fromGrpc(e).reason()));
    }
    channel.shutdownNow();
  }

  private static void hold(ManagedChannel channel, Chain chain, int durationMillis)
      throws InterruptedException {
    LeaseServiceGrpc.LeaseServiceBlockingStub leases = LeaseServiceGrpc.newBlockingStub(channel);
    long epoch = Leases.acquire(channel, "gateway-1", durationMillis);
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      // The append comes first: a writer that slept long does not know that it did.
      int index =
          LogStorageServiceGrpc.newBlockingStub(channel)
              .writeLogEntries(
                  WriteLogEntriesRequest.newBuilder()
                      .setLogId(chain.log().value())
                      .setEpoch(epoch)
                      .addEntries(
                          chain
                              .nextEntry()
                              .setAccessControlProfile(
                                  AccessControlProfile.ACCESS_CONTROL_PROFILE_ORGANISATION))
                      .build())
              .getIndex();
      System.out.println("appended " + index);
      int _ =
          leases
              .renewLease(RenewLeaseRequest.newBuilder().setEpoch(epoch).build())
              .getRemainingMillis();
      boolean _ = never.await(durationMillis / 6, TimeUnit.MILLISECONDS);
    }
  }
}
