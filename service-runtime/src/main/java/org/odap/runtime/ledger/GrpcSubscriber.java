package org.odap.runtime.ledger;

import java.time.Duration;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.runtime.rpc.PacedStream;

/** A subscriber at the other end of a gRPC stream, slowed to what the stream takes. */
record GrpcSubscriber(PacedStream<SubscribeResponse> stream) implements LedgerSubscriber {
  @Override
  public boolean send(SubscribeResponse event) {
    return stream.send(event);
  }

  @Override
  public boolean pause(Duration time) {
    return stream.pause(time);
  }
}
