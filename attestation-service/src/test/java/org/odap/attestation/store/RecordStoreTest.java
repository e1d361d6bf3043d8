package org.odap.attestation.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.storage.v1.SignedTransfer;
import org.odap.attestation.store.RecordStore.Kind;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.rpc.OdapException;

/** A store that is closed under calls: each is answered or refused, and the process lives. */
class RecordStoreTest {
  private static final Kind<SignedTransfer> KIND = new Kind<>("transfer", SignedTransfer.parser());

  @TempDir Path folder;

  @Test
  void whoCallsWhileItClosesIsToldSo() throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 20; round++) {
        RecordStore store = RecordStore.open(folder, EntryKeys.NONE);
        CountDownLatch busy = new CountDownLatch(4);
        List<Future<ErrorReason>> ends = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
          String id = "t" + caller;
          ends.add(callers.submit(() -> callUntilRefused(store, id, busy)));
        }
        busy.await();
        store.close();
        for (Future<ErrorReason> end : ends) {
          assertThat(end.get()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
        }
      }
    }
  }

  private static ErrorReason callUntilRefused(RecordStore store, String id, CountDownLatch busy) {
    SignedTransfer transfer = SignedTransfer.newBuilder().setHashTx(id).build();
    try {
      while (true) {
        store.put(KIND, id, transfer);
        assertThat(store.get(KIND, id)).contains(transfer);
        assertThat(store.all(KIND, 4)).contains(transfer);
        busy.countDown();
      }
    } catch (OdapException e) {
      return e.reason();
    }
  }
}
