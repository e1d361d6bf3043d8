package org.odap.gateway.travelrule;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.PublicKeys;
import org.odap.gateway.GatewayConfig.TravelRuleConfig;
import org.odap.gateway.peer.PeerLink;
import org.odap.gateway.policy.ProposalRule;
import org.odap.runtime.encryption.JweCipher;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapException;

/**
 * The travel rule at this gateway (ARCH 6): whose data must come with a transfer, how they travel,
 * and that both sides keep them. They are plain only in a client's order, on its way into this
 * process, and while they are checked.
 */
public final class TravelRule implements ProposalRule {
  /** The rule of a gateway that can neither read nor keep such data: it must not seem to have. */
  public static final ProposalRule NONE_TAKEN =
      (proposal, peer, now) ->
          proposal.getTravelRulePayload().isEmpty()
              ? List.of()
              : reject("this gateway takes no travel-rule data");

  /** Field of the proposal that holds the data. */
  public static final String FIELD = "travel_rule_payload";

  private static final String ORDER_FIELD = "travel_rule";
  private static final int ORDER_MAX = 32_768;
  private static final int PAYLOAD_MAX = 65_536;

  private final String ownVasp;
  private final Map<String, String> requiredAbove;
  private final PrivateKey key;
  private final Counterparties counterparties;
  private final TravelRuleArchive archive;

  /**
   * The travel rule of a configuration.
   *
   * @param key this gateway's decryption key
   */
  public TravelRule(
      TravelRuleConfig config,
      PrivateKey key,
      Counterparties counterparties,
      TravelRuleArchive archive) {
    this.ownVasp = config.vasp();
    this.requiredAbove = config.requiredAbove();
    this.key = key;
    this.counterparties = counterparties;
    this.archive = archive;
  }

  /**
   * A client's data, ready to travel with its proposal; nothing where none are given and none are
   * required.
   *
   * @param document the client's data, plain; empty = none
   * @param terms the proposal as far as it is made
   * @throws OdapException FIELD_MISSING, FIELD_INVALID; the text holds nothing of the data
   */
  public Optional<String> seal(
      String document,
      InitializationRequest terms,
      String session,
      String ownGateway,
      String recipientGateway) {
    if (document.isEmpty()) {
      if (isRequired(terms)) {
        throw OdapException.fieldMissing(ORDER_FIELD);
      }
      return Optional.empty();
    }
    if (document.codePointCount(0, document.length()) > ORDER_MAX) {
      throw OdapException.fieldInvalid(
          ORDER_FIELD, document.length() + " characters", "at most " + ORDER_MAX);
    }
    List<String> mistakes =
        TravelRuleData.mistakes(
            document,
            new TravelRuleData.Expected(
                terms.getOrigin(),
                terms.getDestination(),
                ownVasp,
                counterparties.vasp(recipientGateway).orElse("")));
    if (!mistakes.isEmpty()) {
      throw invalid(mistakes);
    }
    String recipient =
        counterparties
            .encryptionKey(recipientGateway)
            .orElseThrow(() -> invalid(List.of(recipientGateway + " has no encryption key here")));
    String sealed =
        JweCipher.encrypt(
            document.getBytes(StandardCharsets.UTF_8),
            PublicKeys.parse(recipient)
                .orElseThrow(() -> new IllegalStateException("checked where it came from")),
            ownGateway,
            session);
    if (sealed.length() > PAYLOAD_MAX) {
      throw invalid(List.of("too long when encrypted"));
    }
    return Optional.of(sealed);
  }

  /** What speaks against a proposal: data that are missing, not for us, or wrong. */
  @Override
  public List<Rejection> judge(InitializationRequest proposal, String peer, long now) {
    String payload = proposal.getTravelRulePayload();
    if (payload.isEmpty()) {
      return isRequired(proposal)
          ? reject("travel-rule data are required of this asset and amount")
          : List.of();
    }
    Optional<String> document = opened(payload, peer, proposal.getEnvelope().getSessionId());
    if (document.isEmpty()) {
      return reject("not encrypted to this gateway's key, from this sender and for this session");
    }
    List<String> mistakes =
        TravelRuleData.mistakes(
            document.get(),
            new TravelRuleData.Expected(
                proposal.getOrigin(),
                proposal.getDestination(),
                counterparties.vasp(peer).orElse(""),
                ownVasp));
    return mistakes.isEmpty() ? List.of() : reject("wrong: " + String.join("; ", mistakes));
  }

  /** A way to a peer on which no proposal leaves before its data are kept here. */
  public PeerLink keeping(PeerLink link) {
    return (request, from, pubkey) -> {
      keep(request);
      return link.send(request, from, pubkey);
    };
  }

  /**
   * Keeps a proposal's data once this gateway has agreed to it; to be called before the answer
   * leaves.
   *
   * @throws OdapException UNAVAILABLE: the peer asks again
   */
  public void keepAgreed(OdapMessage request, OdapMessage answer) {
    if (answer.type() == MessageType.INITIALIZATION_RESPONSE) {
      keep(request);
    }
  }

  /** Data that were kept here. */
  public record Kept(String payload, Optional<String> document) {}

  /**
   * The data of a transfer; in plain where this gateway is the one that can read them.
   *
   * @param sender identity of the sender gateway
   */
  public Optional<Kept> kept(String session, String sender) {
    return archive.get(session).map(payload -> new Kept(payload, opened(payload, sender, session)));
  }

  private Optional<String> opened(String payload, String sender, String session) {
    return JweCipher.decrypt(payload, key, sender, session)
        .map(content -> new String(content, StandardCharsets.UTF_8));
  }

  private void keep(OdapMessage request) {
    if (request.type() == MessageType.INITIALIZATION_REQUEST) {
      String payload = request.as(InitializationRequest.class).getTravelRulePayload();
      if (!payload.isEmpty()) {
        archive.put(request.sessionId(), payload);
      }
    }
  }

  /** Unique assets of a profile that is named, amounts above what is said of theirs. */
  private boolean isRequired(InitializationRequest proposal) {
    Asset asset = proposal.getAsset();
    return Optional.ofNullable(requiredAbove.get(proposal.getAssetProfile().getProfileId()))
        .map(BigInteger::new)
        .filter(limit ->
            asset.getKind() == AssetKind.ASSET_KIND_UNIQUE
                || new BigInteger(asset.getAmount()).compareTo(limit) > 0)
        .isPresent();
  }

  private static List<Rejection> reject(String why) {
    return List.of(Rejection.newBuilder().setField(FIELD).setDescription(why).build());
  }

  private static OdapException invalid(List<String> mistakes) {
    String all = String.join("; ", mistakes);
    return new OdapException(
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        ORDER_FIELD + ": " + all,
        List.of(new FieldViolation(ORDER_FIELD, all)));
  }
}
