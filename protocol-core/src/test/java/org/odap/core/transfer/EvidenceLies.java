package org.odap.core.transfer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.core.envelope.PlainJson;
import org.odap.core.envelope.Signer;
import org.odap.core.envelope.TestKeys;
import org.odap.core.evidence.Entity;
import org.odap.core.session.Role;

/**
 * What forgers and dishonest gateways make of true evidence, each lie with the rule that it breaks.
 */
final class EvidenceLies {
  /** Of a lie that a reader with schemas can't even read. */
  static final String NOT_READ = "holds what the schemas do not know";

  private static final Role S = Role.SENDER;
  private static final Role R = Role.RECIPIENT;
  private static final String HASH = "0".repeat(64);
  private static final String CERTIFICATES = "certificates";
  private static final String STEP_DONE = "type.googleapis.com/odap.storage.v1.StepDone";

  /** Order of the group of P-256. */
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  /**
   * One lie.
   *
   * @param name what was done
   * @param of the bundle it was done to
   * @param rule the rule of docs/evidence.md it breaks
   * @param log whose log shows it; empty = the bundle as such
   * @param found part of what the verifier here says of it
   */
  record Lie(
      String name,
      String of,
      String rule,
      String log,
      String found,
      JsonObject before,
      JsonObject after) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final Map<String, JsonObject> bases = new HashMap<>();
  private final List<Lie> lies = new ArrayList<>();

  private EvidenceLies(Map<String, EvidenceBundle> bundles) {
    bundles.forEach((name, bundle) -> bases.put(name, PlainJson.of(bundle)));
    bundle();
    certificates();
    chain();
    signatures();
    messages();
    links();
    agreement();
    ledger();
    outcomes();
  }

  static List<Lie> all() throws IOException {
    return List.copyOf(new EvidenceLies(EvidenceBases.all()).lies);
  }

  private void lie(String name, String rule, Role log, String found, Consumer<Forgery> forger) {
    lie(name, "completed", rule, log.word(), found, forger);
  }

  private void lie(
      String name, String of, String rule, String log, String found, Consumer<Forgery> forger) {
    Forgery forgery = new Forgery(bases.get(of));
    forger.accept(forgery);
    lies.add(new Lie(name, of, rule, log, found, bases.get(of), forgery.bundle()));
  }

  private void bundle() {
    lie(
        "another format",
        "completed",
        "bundle",
        "",
        "format_version: 2",
        forger -> forger.bundle().addProperty("format_version", 2));
    lie(
        "no transfer named",
        "completed",
        "bundle",
        "",
        "names no transfer",
        forger -> forger.bundle().remove("transfer_id"));
    lie(
        "logs of two senders",
        "completed",
        "bundle",
        "",
        "logs: [sender, sender]",
        forger -> forger.log(R).addProperty("role", "sender"));
    lie(
        "the logs in the wrong order",
        "completed",
        "bundle",
        "",
        "logs: [recipient, sender]",
        forger -> {
          JsonArray logs = forger.bundle().getAsJsonArray("logs");
          logs.add(logs.remove(0));
        });
    lie(
        "a member the schemas do not have beside the logs",
        "completed",
        "bundle",
        "",
        NOT_READ,
        forger -> forger.bundle().addProperty("note", "trust me"));
    lie("no logs", "completed", "bundle", "", "logs: []", forger -> forger.bundle().remove("logs"));
    lie("an empty log", "bundle", R, "no entries", forger -> forger.cut(R, 0));
    lie(
        "another transfer named",
        "frame",
        S,
        "session: ",
        forger ->
            forger.bundle().addProperty("transfer_id", "0b6a3c1e-0000-4b1e-9a51-000000000000"));
  }

  private void certificates() {
    Entity impostor = EvidenceBases.entity(S, "an entity nobody knows");
    lie(
        "a gateway certified by an entity nobody knows",
        "certificate",
        S,
        "is not one you trust",
        forger -> certify(forger, S, impostor.pems(TestKeys.SENDER.publicKey())));
    lie(
        "the certificate of somebody else, with a known entity beside it",
        "certificate",
        S,
        "is not signed by",
        forger ->
            certify(
                forger,
                S,
                List.of(
                    impostor.pems(TestKeys.SENDER.publicKey()).getFirst(),
                    EvidenceBases.entityPem(S))));
    lie(
        "no certificate",
        "certificate",
        S,
        "no certificate",
        forger -> forger.log(S).remove(CERTIFICATES));
    lie(
        "a certificate that can't be read",
        "completed",
        "bundle",
        "sender",
        "can't be read",
        forger -> certify(forger, S, List.of("-----BEGIN CERTIFICATE-----\nAA==\n")));
    lie(
        "another name for the gateway",
        "certificate",
        S,
        "does not name",
        forger -> forger.log(S).addProperty("gateway", EvidenceBases.gateway(S) + "0"));
    lie(
        "the name of the other gateway",
        "certificate",
        S,
        "does not name",
        forger -> forger.log(S).addProperty("gateway", EvidenceBases.gateway(R)));
    lie(
        "a certificate that had expired",
        "certificate",
        S,
        "was not valid when the log was written",
        forger ->
            certify(
                forger,
                S,
                EvidenceBases.SENDERS.pems(
                    TestKeys.SENDER.publicKey(),
                    Instant.parse("2026-01-01T00:00:00Z"),
                    Instant.parse("2026-02-01T00:00:00Z"))));
    lie(
        "a gateway that certifies another key as its own",
        "certificate",
        S,
        "is not one you trust",
        forger -> {
          Entity gateway = Entity.fixed(EvidenceBases.gateway(S), TestKeys.SENDER);
          List<String> pems = new ArrayList<>();
          pems.add(gateway.pems(TestKeys.OTHER_STRANGER.publicKey()).getFirst());
          pems.add(EvidenceBases.SENDERS.pems(TestKeys.SENDER.publicKey()).getFirst());
          pems.add(EvidenceBases.entityPem(S));
          certify(forger, S, pems);
        });
    lie(
        "a gateway certified by the other organization's entity",
        "certificate",
        R,
        "is not one you trust",
        forger ->
            certify(
                forger,
                R,
                List.of(
                    EvidenceBases.entity(R, "entity of the sender")
                        .pems(TestKeys.RECIPIENT.publicKey())
                        .getFirst(),
                    EvidenceBases.entityPem(S))));
    lie(
        "a backup certified by another entity",
        "backup",
        "certificate",
        "recipient",
        "is not one you trust",
        forger -> {
          List<String> pems =
              new ArrayList<>(EvidenceBases.RECIPIENTS.pems(TestKeys.RECIPIENT.publicKey()));
          pems.addAll(
              EvidenceBases.entity(R, "an entity nobody knows")
                  .pems(EvidenceBases.BACKUP.publicKey()));
          certify(forger, R, pems);
        });
    lie(
        "a key slipped in among those of the other gateway",
        "certificate",
        R,
        "is not one you trust",
        forger -> {
          List<String> pems =
              new ArrayList<>(EvidenceBases.SENDERS.pems(TestKeys.SENDER.publicKey()));
          pems.addAll(
              EvidenceBases.entity(S, "an entity nobody knows")
                  .pems(TestKeys.OTHER_STRANGER.publicKey()));
          forger.log(R).add("peer_certificates", array(pems));
        });
    lie(
        "the other gateway known by another key",
        "peer-key",
        R,
        "by another key",
        forger ->
            forger
                .log(R)
                .add(
                    "peer_certificates",
                    array(EvidenceBases.SENDERS.pems(TestKeys.OTHER_STRANGER.publicKey()))));
  }

  private void chain() {
    lie(
        "a changed payload",
        "chain",
        S,
        "not the hash of the payload",
        forger -> forger.payload(S, 4).addProperty("step", 99));
    lie(
        "a changed asset",
        "chain",
        S,
        "not the hash of the payload",
        forger ->
            claim(forger, S, "done-lock").getAsJsonObject("asset").addProperty("asset_id", "8"));
    lie(
        "a changed entry",
        "chain",
        S,
        "not the hash of the entry",
        forger -> forger.entry(S, 4).addProperty("targetDltId", "sql-9"));
    lie(
        "a member the schemas do not have in an entry",
        "chain",
        S,
        NOT_READ,
        forger -> forger.entry(S, 4).addProperty("approved", true));
    lie(
        "content nobody knows in an entry that may not be skipped",
        "chain",
        S,
        NOT_READ,
        forger -> {
          JsonObject content = new JsonObject();
          content.addProperty("@type", "type.googleapis.com/example.v1.Agreement");
          forger.append(S, "done-agreement", content).seal(S);
        });
    lie(
        "a hash in capitals",
        "chain",
        S,
        "not the hash of the payload",
        forger -> {
          JsonObject entry = forger.entry(S, 4);
          String hash = entry.get("payloadHash").getAsString();
          entry.addProperty("payloadHash", hash.toUpperCase(Locale.ROOT));
        });
    lie("an entry left out", "chain", S, "(expected: 6)", forger -> forger.entries(S).remove(5));
    lie("the first entry left out", "chain", R, "entry 1", forger -> forger.entries(R).remove(0));
    lie(
        "two entries swapped",
        "chain",
        S,
        "entry 3",
        forger -> {
          JsonElement third = forger.entries(S).remove(2);
          forger.entries(S).asList().add(3, third);
        });
    lie(
        "an entry twice",
        "chain",
        S,
        "(expected: 5)",
        forger -> forger.entries(S).asList().add(4, forger.entry(S, 4)));
    lie(
        "a log cut where nothing is signed",
        "chain",
        S,
        "no signature covers the end",
        forger -> forger.cut(S, forger.find(S, "done-lock-final")));
    lie(
        "an entry of another session in the chain",
        "chain",
        S,
        "another session",
        forger -> {
          forger.entry(S, 4).addProperty("sessionId", "0b6a3c1e-0000-4b1e-9a51-000000000000");
          forger.seal(S);
        });
    lie(
        "a log that names another key for the other gateway",
        "frame",
        S,
        "recipient's key",
        forger -> {
          for (JsonElement entry : forger.entries(S)) {
            entry
                .getAsJsonObject()
                .addProperty("recipientGatewayPubkey", TestKeys.OTHER_STRANGER.publicKey());
          }
          forger.seal(S);
        });
  }

  private void signatures() {
    lie(
        "a log signed by somebody else",
        "chain",
        R,
        "the signature does not verify",
        forger -> forger.seal(R, TestKeys.OTHER_STRANGER));
    lie(
        "a log signed by the other gateway",
        "chain",
        R,
        "the signature does not verify",
        forger -> forger.seal(R, TestKeys.SENDER));
    resigned("a signature of nothing but zeros", raw -> new byte[raw.length]);
    resigned(
        "a signature with r and s exchanged",
        raw -> {
          byte[] exchanged = Arrays.copyOfRange(raw, 32, 96);
          System.arraycopy(raw, 0, exchanged, 32, 32);
          return exchanged;
        });
    resigned("a signature cut short", raw -> Arrays.copyOf(raw, 63));
    lie(
        "a signature in base64 with padding",
        "chain",
        S,
        "the signature does not verify",
        forger -> {
          JsonObject entry = forger.entry(S, 2);
          entry.addProperty("messageSignature", entry.get("messageSignature").getAsString() + "==");
        });
    lie(
        "an entry signed over its text instead of its hash",
        "chain",
        S,
        "the signature does not verify",
        forger -> {
          JsonObject entry = forger.entry(S, 2);
          byte[] text =
              entry
                  .get("logEntryHash")
                  .getAsString()
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8);
          entry.addProperty("messageSignature", TestKeys.SENDER.sign(text));
        });
  }

  private void resigned(String name, java.util.function.UnaryOperator<byte[]> change) {
    lie(
        name,
        "chain",
        S,
        "the signature does not verify",
        forger -> {
          JsonObject entry = forger.entry(S, 2);
          byte[] raw = Base64.getUrlDecoder().decode(entry.get("messageSignature").getAsString());
          entry.addProperty("messageSignature", base64(change.apply(raw)));
        });
  }

  private void messages() {
    lie(
        "a message changed after it was signed",
        "message",
        R,
        "TRANSFER_COMMENCE: ",
        forger -> {
          forger.content(R, "exec-commence").addProperty("client_transfer_number", "other");
          forger.seal(R);
        });
    lie(
        "a member the schemas do not have in a message",
        "message",
        R,
        NOT_READ,
        forger -> {
          forger.content(R, "exec-commit-prepare").addProperty("approved", true);
          forger.seal(R);
        });
    lie(
        "a signature field in a message that has none",
        "message",
        R,
        NOT_READ,
        forger -> {
          forger.content(R, "exec-validate").addProperty("client_signature", "anything");
          forger.seal(R);
        });
    lie(
        "the same signature written as its twin",
        "message",
        R,
        "the signature is not that of the envelope",
        forger -> {
          JsonObject message = forger.content(R, "exec-commit-prepare");
          String signature = message.get("client_signature").getAsString();
          message.addProperty("client_signature", twin(signature));
          forger.seal(R);
        });
    lie(
        "a message the recipient made up in the sender's name",
        "signature",
        R,
        "does not verify",
        forger ->
            forger.sign(R, "exec-commit-final", TestKeys.RECIPIENT, message -> message).seal(R));
    lie(
        "a message signed by a stranger",
        "signature",
        S,
        "does not verify",
        forger ->
            forger
                .sign(S, "ack-commit-final", TestKeys.OTHER_STRANGER, message -> message)
                .seal(S));
    lie(
        "a message that names a stranger's key and is signed with it",
        "signature",
        S,
        "does not verify under a key that its author's certificates vouch for",
        forger ->
            forger
                .sign(
                    S,
                    "ack-commit-final",
                    TestKeys.OTHER_STRANGER,
                    message -> {
                      message.addProperty(
                          "server_identity_pubkey", TestKeys.OTHER_STRANGER.publicKey());
                      return message;
                    })
                .seal(S));
    lie(
        "a message of another session",
        "message",
        S,
        "it belongs to session",
        forger ->
            forger
                .sign(
                    S,
                    "init-validate",
                    TestKeys.SENDER,
                    message -> {
                      message
                          .getAsJsonObject("envelope")
                          .addProperty("session_id", "0b6a3c1e-0000-4b1e-9a51-000000000000");
                      return message;
                    })
                .seal(S));
    lie(
        "a backup that has not said that it takes over",
        "backup",
        "signature",
        "sender",
        "",
        forger -> {
          for (String command : List.of("exec-recover", "ack-recover-update")) {
            removeAll(forger, S, command);
          }
          removeAll(forger, S, "Recover");
          forger.seal(S);
        });
  }

  private static void removeAll(Forgery forger, Role role, String type) {
    for (int i = forger.entries(role).size(); i >= 1; i--) {
      JsonObject payload = forger.payload(role, i);
      boolean same =
          payload.has("content")
              && payload
                  .getAsJsonObject("content")
                  .get("@type")
                  .getAsString()
                  .endsWith("v1." + type);
      if (same) {
        forger.entries(role).remove(i - 1);
      }
    }
  }

  private void links() {
    changed(
        "a link to no message",
        "link",
        S,
        "init-commit-final",
        TestKeys.SENDER,
        "COMMIT_FINAL: it does not carry the hash of the COMMIT_PREPARE_ACK",
        message -> message.addProperty("hash_commitprepare_ack", HASH));
    changed(
        "a completion of another session",
        "link",
        S,
        "init-transfer-complete",
        TestKeys.SENDER,
        "TRANSFER_COMPLETE: it does not carry the hash of the TransferCommence",
        message -> message.addProperty("hash_transfer_commence", HASH));
    changed(
        "an answer under another number",
        "link",
        R,
        "ack-commit-prepare",
        TestKeys.RECIPIENT,
        "sequence number: 9",
        message -> message.getAsJsonObject("envelope").addProperty("sequence_number", 9));
    lie(
        "three-phase commit without its ack",
        "three-phases",
        "link",
        "sender",
        "PRE_COMMIT_ACK",
        forger -> forger.remove(S, "ack-pre-commit").seal(S));
  }

  private void agreement() {
    changed(
        "two messages under one number",
        "number",
        R,
        "exec-lock-evidence",
        TestKeys.SENDER,
        "the sender signed two different messages under number",
        message -> message.addProperty("client_transfer_number", "2"));
    lie(
        "a message of the sender's own missing in its log",
        "hidden",
        S,
        "it lacks its own TRANSFER_COMPLETE",
        forger -> {
          forger.remove(S, "init-transfer-complete").seal(S);
        });
    lie(
        "a binding promise the recipient hides",
        "hidden",
        R,
        "it lacks its own COMMIT_PREPARE_ACK",
        forger -> forger.remove(R, "ack-commit-prepare").seal(R));
    lie(
        "a log cut where it is signed, before what was said later",
        "hidden",
        S,
        "it lacks its own TRANSFER_COMPLETE",
        forger -> forger.cut(S, forger.find(S, "init-commit-final")));
  }

  private void ledger() {
    step(
        "a step on another ledger",
        "step",
        S,
        "done-lock",
        "ledger: x",
        claim -> claim.addProperty("dlt_system", "x"));
    step(
        "a step of another transfer",
        "step",
        S,
        "done-lock",
        "it is of transfer x",
        claim -> claim.addProperty("transfer_id", "x"));
    step(
        "a step without a transaction",
        "step",
        S,
        "done-lock",
        "it names no transaction",
        claim -> claim.remove("transaction_id"));
    step(
        "a step that is not final",
        "step",
        S,
        "done-lock-final",
        "it is not final",
        claim -> claim.remove("finality"));
    step(
        "a step about another asset",
        "step",
        R,
        "done-create",
        "asset: no. 8",
        claim -> claim.getAsJsonObject("asset").addProperty("asset_id", "8"));
    step(
        "a lock that refers to nothing",
        "reference",
        S,
        "done-lock",
        "reference: " + HASH,
        claim -> claim.addProperty("reference", HASH));
    step(
        "a creation that refers to no announcement",
        "reference",
        R,
        "done-create",
        "reference: " + HASH,
        claim -> claim.addProperty("reference", HASH));
    step(
        "something else told than done",
        "claim",
        S,
        "done-lock-final",
        "it claims something else than entry",
        claim -> claim.addProperty("block_number", "99"));
    lie(
        "told but not done",
        "claim",
        R,
        "the log shows no such step before it",
        forger -> forger.remove(R, "done-create").seal(R));
    lie(
        "done without being planned",
        "intent",
        S,
        "its intent was not logged before",
        forger -> forger.remove(S, "exec-lock").seal(S));
    lie(
        "a step of the other side",
        "step",
        S,
        "it is no step of the sender",
        forger ->
            forger.append(S, "done-create", forger.content(R, "done-create").deepCopy()).seal(S));
    lie(
        "an anchored log written anew",
        "anchored",
        "anchor",
        "sender",
        "the ledger holds another hash of the log",
        forger -> {
          forger.payload(S, 1).addProperty("recordedAt", "1790000000999");
          forger.seal(S);
        });
    lie(
        "an anchored log without its anchor",
        "anchored",
        "anchor",
        "sender",
        "the ledger holds no hash of the log",
        forger -> {
          claim(forger, S, "done-location-record").remove("log_anchor");
          forger.seal(S);
        });
  }

  private void outcomes() {
    lie(
        "extinguished and given back",
        "outcome",
        S,
        "it both extinguished the asset and gave it back",
        forger ->
            forger.append(S, "done-unlock", undone(forger, S, "done-lock", "UNLOCK")).seal(S));
    lie(
        "created and withdrawn",
        "outcome",
        R,
        "it both created the asset and withdrew it",
        forger ->
            forger
                .append(R, "done-withdraw", undone(forger, R, "done-log-incoming", "WITHDRAW"))
                .seal(R));
    lie(
        "withdrawn after it was extinguished",
        "unfinished",
        "outcome",
        "recipient",
        "it withdrew an asset that was extinguished for its sake",
        forger ->
            forger
                .append(R, "done-withdraw", undone(forger, R, "done-log-incoming", "WITHDRAW"))
                .seal(R));
    lie(
        "created though never extinguished",
        "outcome",
        R,
        "it created the asset, which nobody showed extinguished",
        forger -> {
          forger.cut(S, forger.find(S, "ack-lock-evidence")).seal(S);
          JsonObject created = forger.content(R, "done-create").deepCopy();
          forger.cut(R, forger.find(R, "ack-lock-evidence"));
          forger.append(R, "done-create", created).seal(R);
        });
  }

  private static JsonObject undone(Forgery forger, Role role, String command, String step) {
    JsonObject claim = claim(forger, role, command).deepCopy();
    claim.addProperty("step", "LEDGER_STEP_" + step);
    claim.remove("reference");
    claim.remove("lock_expiry");
    JsonObject content = new JsonObject();
    content.addProperty("@type", STEP_DONE);
    content.add("claim", claim);
    return content;
  }

  private void changed(
      String name,
      String rule,
      Role role,
      String command,
      Signer author,
      String found,
      Consumer<JsonObject> change) {
    lie(
        name,
        rule,
        role,
        found,
        forger ->
            forger
                .sign(
                    role,
                    command,
                    author,
                    message -> {
                      change.accept(message);
                      return message;
                    })
                .seal(role));
  }

  private void step(
      String name,
      String rule,
      Role role,
      String command,
      String found,
      Consumer<JsonObject> change) {
    lie(
        name,
        rule,
        role,
        found,
        forger -> {
          change.accept(claim(forger, role, command));
          forger.seal(role);
        });
  }

  private static JsonObject claim(Forgery forger, Role role, String command) {
    return forger.content(role, command).getAsJsonObject("claim");
  }

  private static void certify(Forgery forger, Role role, List<String> pems) {
    forger.log(role).add(CERTIFICATES, array(pems));
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(text -> array.add(new JsonPrimitive(text)));
    return array;
  }

  /** (r, n-s), which verifies like (r, s). */
  private static String twin(String signature) {
    byte[] raw = Base64.getUrlDecoder().decode(signature);
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64));
    byte[] other = ORDER.subtract(s).toByteArray();
    byte[] twin = Arrays.copyOf(raw, 64);
    for (int i = 0; i < 32; i++) {
      int from = other.length - 32 + i;
      twin[32 + i] = from < 0 ? 0 : other[from];
    }
    return base64(twin);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
