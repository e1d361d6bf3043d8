package org.odap.core.transfer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.util.List;
import java.util.function.UnaryOperator;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.PlainJson;
import org.odap.core.envelope.Signer;
import org.odap.core.envelope.TestKeys;
import org.odap.core.session.Role;

/**
 * A bundle in a forger's hands, as JSON. Whoever owns a log may write it anew, with right hashes
 * and signatures.
 */
final class Forgery {
  private final JsonObject bundle;

  Forgery(JsonObject bundle) {
    this.bundle = bundle.deepCopy();
  }

  JsonObject bundle() {
    return bundle;
  }

  JsonObject log(Role role) {
    return bundle.getAsJsonArray("logs").get(role.isRecipient() ? 1 : 0).getAsJsonObject();
  }

  JsonArray entries(Role role) {
    return log(role).getAsJsonArray("entries");
  }

  /** An entry by its number in the log, from 1. */
  JsonObject entry(Role role, int index) {
    return entries(role).get(index - 1).getAsJsonObject();
  }

  JsonObject payload(Role role, int index) {
    return entry(role, index).getAsJsonObject("payload");
  }

  JsonObject content(Role role, int index) {
    return payload(role, index).getAsJsonObject("content");
  }

  /** Number of the first entry with a command, e.g. "done-lock". */
  int find(Role role, String command) {
    for (int i = 1; i <= entries(role).size(); i++) {
      if (payload(role, i).get("message").getAsString().equals(command)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no entry " + command);
  }

  /** The content of a command's entry. */
  JsonObject content(Role role, String command) {
    return content(role, find(role, command));
  }

  Forgery remove(Role role, String command) {
    entries(role).remove(find(role, command) - 1);
    return this;
  }

  /** Takes away everything after an entry. */
  Forgery cut(Role role, int length) {
    while (entries(role).size() > length) {
      entries(role).remove(length);
    }
    return this;
  }

  /** Puts a copy of an entry, with other content, at the end of a log. */
  Forgery append(Role role, String command, JsonObject content) {
    JsonObject last = entries(role).get(entries(role).size() - 1).deepCopy().getAsJsonObject();
    last.getAsJsonObject("payload").addProperty("message", command);
    last.getAsJsonObject("payload").add("content", content);
    entries(role).add(last);
    return this;
  }

  /** Changes a message and has it signed by somebody. */
  Forgery sign(Role role, String command, Signer signer, UnaryOperator<JsonObject> change) {
    JsonObject content = content(role, command);
    String type = content.remove("@type").getAsString();
    Message.Builder message = message(type);
    try {
      PlainJson.merge(change.apply(content), message);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    Message signed = OdapMessage.sign(message.build(), signer).protobuf();
    payload(role, find(role, command)).add("content", PlainJson.of(Any.pack(signed)));
    return this;
  }

  private static Message.Builder message(String type) {
    return OdapMessage.unpack(Any.newBuilder().setTypeUrl(type).build())
        .protobuf()
        .newBuilderForType();
  }

  /** Writes a log anew: numbers, hashes, and signatures where there were some. */
  Forgery seal(Role role) {
    return seal(role, role == Role.SENDER ? TestKeys.SENDER : TestKeys.RECIPIENT);
  }

  Forgery seal(Role role, Signer signer) {
    String before = "";
    int index = 0;
    for (JsonElement element : entries(role)) {
      JsonObject entry = element.getAsJsonObject();
      index++;
      entry.addProperty("seqNumber", index);
      entry.addProperty("lastEntryHash", before);
      if (before.isEmpty()) {
        entry.remove("lastEntryHash");
      }
      entry.addProperty("payloadHash", Hash.of(PlainJson.canonical(entry.get("payload"))));
      JsonObject hashed = entry.deepCopy();
      List.of("payload", "logEntryHash", "messageSignature").forEach(hashed::remove);
      before = Hash.of(PlainJson.canonical(hashed));
      entry.addProperty("logEntryHash", before);
      if (entry.has("messageSignature") || index == entries(role).size()) {
        entry.addProperty("messageSignature", signer.sign(Hash.bytes(before)));
      }
    }
    return this;
  }
}
