package org.odap.attestation.participant;

import org.odap.api.storage.v1.KeptKey;
import org.odap.api.storage.v1.KeyMaking;
import org.odap.api.storage.v1.SignedTransfer;
import org.odap.api.storage.v1.SignedTx;
import org.odap.attestation.store.RecordStore.Kind;

/** What a participant keeps; the names are stored. */
final class Records {
  /** Key id -> key in use. */
  static final Kind<KeptKey> KEYS = new Kind<>("key", KeptKey.parser());

  /** Key id -> how far the making of it is. */
  static final Kind<KeyMaking> MAKINGS = new Kind<>("making", KeyMaking.parser());

  /** Transfer id -> what was signed of it. */
  static final Kind<SignedTransfer> TRANSFERS = new Kind<>("transfer", SignedTransfer.parser());

  /** Hash of tx -> the transfer whose first step was signed. */
  static final Kind<SignedTx> TXS = new Kind<>("tx", SignedTx.parser());

  private Records() {}
}
