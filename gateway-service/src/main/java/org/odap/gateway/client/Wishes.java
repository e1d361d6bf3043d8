package org.odap.gateway.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.runtime.rpc.FieldChecks;

/** What a client wants, with the key by which a repeat of it is known. */
public final class Wishes {
  private static final int KEY_MAX = 128;

  private Wishes() {}

  /**
   * Who wants what, under which key. The key is the request's {@code request_id}; the hash covers
   * all that the request says, so that the same key for another request is told from a repeat.
   *
   * @throws org.odap.runtime.rpc.OdapException FIELD_INVALID when the key is malformed
   */
  public static ClientRequest of(String client, Message request) {
    FieldDescriptor field = request.getDescriptorForType().findFieldByName("request_id");
    String key = (String) request.getField(field);
    new FieldChecks().optionalText("request_id", key, KEY_MAX).end();
    ClientRequest.Builder wish = ClientRequest.newBuilder().setClient(client);
    return key.isEmpty()
        ? wish.build()
        : wish.setRequestId(key).setHashRequest(Hash.of(CanonicalJson.of(request))).build();
  }
}
