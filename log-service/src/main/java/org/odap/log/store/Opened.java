package org.odap.log.store;

import java.util.Optional;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyRegister;

/**
 * A database that was opened, or created, and read through.
 *
 * @param register of the keys it is encrypted with; the active one is not yet in it
 * @param report what was found, damages included
 */
record Opened(Database database, KeyRegister register, Verification.Report report) {
  /**
   * Opens a store's database.
   *
   * @throws DamagedStoreException when nothing can be read of it
   */
  static Opened of(StoreFiles files, EntryKeys keys) throws DamagedStoreException {
    KeyRegister register = KeyRegister.check(files.keys(), keys);
    Optional<String> refusal = WriteProbe.refusal(files.directory());
    if (refusal.isPresent()) {
      throw new StoreException(refusal.get(), false);
    }
    Database database = openDatabase(files, keys);
    try {
      return new Opened(database, register, Verification.of(database));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Database openDatabase(StoreFiles files, EntryKeys keys)
      throws DamagedStoreException {
    try {
      return Database.open(files.database(), keys);
    } catch (StoreException e) {
      if (!e.isCorrupt()) {
        throw e;
      }
      throw new DamagedStoreException(Diagnosis.of(files, keys, e));
    }
  }
}
