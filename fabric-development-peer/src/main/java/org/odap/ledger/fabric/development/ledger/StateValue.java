package org.odap.ledger.fabric.development.ledger;

import com.google.protobuf.ByteString;

/** A value of the world state with the version it has. */
public record StateValue(ByteString value, StateVersion version) {}
