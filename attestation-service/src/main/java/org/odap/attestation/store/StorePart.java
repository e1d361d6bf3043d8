package org.odap.attestation.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;

/** A store as a part of a service: open from its start to its stop. */
public final class StorePart implements Part {
  private final Path directory;
  private final EntryKeys keys;
  private final ServiceHealth.Condition open;
  private volatile Optional<RecordStore> store = Optional.empty();

  /** A store that is opened at the start. */
  public StorePart(Path directory, EntryKeys keys, ServiceHealth.Condition open) {
    this.directory = directory;
    this.keys = keys;
    this.open = open;
  }

  /** The open store. */
  public RecordStore store() {
    return store.orElseThrow(() -> new IllegalStateException("used before its start"));
  }

  @Override
  public String name() {
    return "store " + directory;
  }

  @Override
  public void start() {
    store = Optional.of(RecordStore.open(directory, keys));
    open.met();
  }

  @Override
  public void stop(Duration limit) {
    store.ifPresent(RecordStore::close);
  }
}
