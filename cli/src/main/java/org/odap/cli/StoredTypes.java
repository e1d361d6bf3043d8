package org.odap.cli;

import com.google.protobuf.util.JsonFormat;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Recover;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.storage.v1.StepDone;

/** What log entries may hold: the messages between gateways and the records beside them. */
public final class StoredTypes {
  /** All of them, for reading and writing JSON; a file of the schemas brings all its messages. */
  public static final JsonFormat.TypeRegistry REGISTRY =
      JsonFormat.TypeRegistry.newBuilder()
          .add(InitializationRequest.getDescriptor().getFile().getMessageTypes())
          .add(TransferCommence.getDescriptor().getFile().getMessageTypes())
          .add(CommitFinal.getDescriptor().getFile().getMessageTypes())
          .add(Rollback.getDescriptor().getFile().getMessageTypes())
          .add(Recover.getDescriptor().getFile().getMessageTypes())
          .add(StepDone.getDescriptor().getFile().getMessageTypes())
          .build();

  private StoredTypes() {}
}
