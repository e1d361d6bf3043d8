package org.odap.attestation.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.lifecycle.Part;

/** A store as a part of a service: open from its start to its stop. */
public final class StorePart implements Part {
  private final Path directory;
  private final EntryKeys keys;
  private volatile Optional<RecordStore> store = Optional.empty();

  /** A store that is opened at the start. */
  public StorePart(Path directory, EntryKeys keys) {
    this.directory = directory;
    this.keys = keys;
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
  }

  @Override
  public void stop(Duration limit) {
    store.ifPresent(RecordStore::close);
  }
}
