package org.odap.gateway.resource;

import com.google.protobuf.Message;
import java.util.Optional;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.OdapPhase;
import org.odap.core.envelope.UnknownFields;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.resource.GatewayResources;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.gateway.access.Access;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.FieldForms;
import org.odap.runtime.rpc.OdapException;

/** What must hold of a client's request before anything is looked up (ODAP 5.2, 5.10). */
final class ActionChecks {
  private static final int MAJOR = 2;
  private static final int ID_MAX = 128;
  private static final int NAME_MAX = 256;
  private static final int LOCATION_MAX = 1_024;
  private static final int JSON_MAX = 65_536;
  private static final int ARGUMENTS_MAX = 64;
  private static final int PAYLOAD_MAX = 1_048_576;
  private static final int NATIVE_BYTES_MAX = 1 << 20;

  private final GatewayResources resources;

  ActionChecks(GatewayResources resources) {
    this.resources = resources;
  }

  /**
   * The request with what it is about.
   *
   * @throws OdapException FIELD_*, VERSION_UNSUPPORTED, PHASE_WRONG, PAYLOAD_HASH_WRONG,
   *     SIGNATURE_INVALID, LEDGER_UNKNOWN
   */
  ActionRequest check(PerformActionRequest request, Caller caller) {
    ResourceDescriptor named = envelope(request, request.getEnvelope(), caller);
    FieldChecks checks = new FieldChecks().text("request_id", request.getRequestId(), ID_MAX);
    if (named.dlt().isEmpty()) {
      checks.invalid("envelope.resource_url", named.format(), "a ledger or what is on it");
    }
    arguments(checks, request, named);
    checks.end();
    return touching(new ActionRequest(caller, request, named, named), touched(request, named));
  }

  /**
   * The request to end a lock, with what that touches: the asset it is on, as the ledger has it.
   *
   * @throws OdapException FIELD_INVALID when the request or its envelope speaks of another asset
   */
  ActionRequest unlocking(ActionRequest request, Asset locked) {
    ResourceDescriptor touched = asset(request.dltSystem(), locked);
    Asset said = request.message().getAsset();
    if (request.message().hasAsset() && !asset(request.dltSystem(), said).equals(touched)) {
      throw OdapException.fieldInvalid("asset", said, "the one that is locked, or none");
    }
    return touching(request, touched);
  }

  private static ActionRequest touching(ActionRequest request, ResourceDescriptor touched) {
    if (!request.named().covers(touched)) {
      throw OdapException.fieldInvalid(
          "asset", touched.format(), "the resource of the envelope, or below it");
    }
    return new ActionRequest(request.caller(), request.message(), request.named(), touched);
  }

  /** The resource an envelope names, once all of the envelope is right. */
  ResourceDescriptor envelope(Message request, Envelope envelope, Caller caller) {
    UnknownFields.find(request)
        .ifPresent(path -> {
          throw new OdapException(
              ErrorReason.ERROR_REASON_FIELD_UNKNOWN,
              "the request holds a field that is not known here, in: /" + path);
        });
    if (envelope.getVersion().getMajor() != MAJOR) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_VERSION_UNSUPPORTED,
          "envelope.version.major: value: "
              + Integer.toUnsignedString(envelope.getVersion().getMajor())
              + " (expected: "
              + MAJOR
              + ")");
    }
    if (envelope.getOdapPhase() != OdapPhase.ODAP_PHASE_NONE) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PHASE_WRONG,
          "envelope.odap_phase: value: "
              + envelope.getOdapPhase()
              + " (expected: ODAP_PHASE_NONE)");
    }
    ResourceDescriptor named = fields(envelope, caller);
    SignedRequests.check(request, envelope, caller);
    return named;
  }

  private ResourceDescriptor fields(Envelope envelope, Caller caller) {
    FieldChecks checks = new FieldChecks();
    if (!envelope.getSessionId().isEmpty() && !FieldForms.isUuid(envelope.getSessionId())) {
      checks.invalid(
          "envelope.session_id", shown(envelope.getSessionId()), "a UUID, lower case with hyphens");
    }
    if (envelope.getSequenceNumber() < 0
        || (envelope.getSequenceNumber() == 0 && !envelope.getSessionId().isEmpty())) {
      checks.invalid(
          "envelope.sequence_number",
          Integer.toUnsignedString(envelope.getSequenceNumber()),
          "1 to " + Integer.MAX_VALUE);
    }
    if (!envelope.getActionResponse().equals("POST")
        && !envelope.getActionResponse().equals("GET")) {
      checks.invalid(
          "envelope.action_response", shown(envelope.getActionResponse()), "POST or GET");
    }
    Optional<ClientDescriptor> developer = ClientDescriptor.parse(envelope.getDeveloperUrn());
    if (envelope.getDeveloperUrn().isEmpty()) {
      checks.missing("envelope.developer_urn");
    } else if (developer.isEmpty() || !developer.equals(Access.client(caller))) {
      checks.invalid(
          "envelope.developer_urn",
          shown(envelope.getDeveloperUrn()),
          "the caller's own descriptor");
    }
    if (envelope.getPayload().length() > PAYLOAD_MAX) {
      checks.invalid(
          "envelope.payload",
          envelope.getPayload().length() + " characters",
          "at most " + PAYLOAD_MAX);
    }
    Optional<ResourceDescriptor> named = ResourceDescriptor.parse(envelope.getResourceUrl());
    if (envelope.getResourceUrl().isEmpty()) {
      checks.missing("envelope.resource_url");
    } else if (named.filter(resources.gateway()::covers).isEmpty()) {
      checks.invalid(
          "envelope.resource_url",
          shown(envelope.getResourceUrl()),
          resources.gateway() + " or below");
    }
    checks.end();
    return named.orElseThrow();
  }

  private static void arguments(
      FieldChecks checks, PerformActionRequest request, ResourceDescriptor named) {
    switch (request.getAction()) {
      case ACTION_CREATE, ACTION_DESTROY ->
          checks.asset("asset", request.getAsset()).name("account", request.getAccount());
      case ACTION_LOCK ->
          checks
              .asset("asset", request.getAsset())
              .name("account", request.getAccount())
              .positive("lock_expiry", request.getLockExpiry());
      case ACTION_UNLOCK -> {
        checks.text("lock_request_id", request.getLockRequestId(), ID_MAX);
        if (request.hasAsset()) {
          checks.assetName("asset", request.getAsset());
        }
      }
      case ACTION_WRITE ->
          checks
              .text("envelope.resource_url", named.location(), LOCATION_MAX)
              .json("envelope.payload", request.getEnvelope().getPayload(), JSON_MAX);
      case ACTION_INVOKE -> {
        checks
            .text("envelope.resource_url", named.location(), LOCATION_MAX)
            .text("function", request.getFunction(), NAME_MAX)
            .count("arguments", request.getArgumentsCount(), ARGUMENTS_MAX);
        for (int i = 0; i < Math.min(request.getArgumentsCount(), ARGUMENTS_MAX); i++) {
          checks.json("arguments[" + i + "]", request.getArguments(i), JSON_MAX);
        }
      }
      case ACTION_READ -> read(checks, request, named);
      case ACTION_NATIVE_TXN -> nativeTransaction(checks, request, named);
      case ACTION_TRANSFER -> {
        if (request.getEnvelope().getPayload().isEmpty()) {
          checks.missing("envelope.payload");
        }
      }
      case ACTION_SUBSCRIBE ->
          checks.invalid("action", "ACTION_SUBSCRIBE", "SubscribeResource for this action");
      case ACTION_UNSPECIFIED -> checks.missing("action");
      case UNRECOGNIZED ->
          checks.invalid("action", Integer.toString(request.getActionValue()), "one of Action");
    }
  }

  private static void read(
      FieldChecks checks, PerformActionRequest request, ResourceDescriptor named) {
    if (request.hasAsset()) {
      checks.assetName("asset", request.getAsset());
      if (request.getAsset().getKind() == AssetKind.ASSET_KIND_FUNGIBLE) {
        checks.name("account", request.getAccount());
      }
    } else if (request.getAccount().isEmpty()) {
      checks.text("envelope.resource_url", named.location(), LOCATION_MAX);
    } else {
      checks.name("account", request.getAccount());
    }
  }

  private static void nativeTransaction(
      FieldChecks checks, PerformActionRequest request, ResourceDescriptor named) {
    int size = request.getNativeTransaction().size();
    if (size == 0) {
      checks.missing("native_transaction");
    } else if (size > NATIVE_BYTES_MAX) {
      checks.invalid("native_transaction", size + " bytes", "at most " + NATIVE_BYTES_MAX);
    }
    if (!named.resource().isEmpty()) {
      // Nobody looks into it: it may do anything its signer may do on the ledger.
      checks.invalid("envelope.resource_url", named.format(), "the ledger itself");
    }
  }

  /**
   * What rights are needed on: never what the caller says beside what it does. What may reach
   * anything on the ledger needs a right to all of it. What an UNLOCK touches only the ledger
   * knows.
   */
  private ResourceDescriptor touched(PerformActionRequest request, ResourceDescriptor named) {
    String dlt = named.dltSystem();
    Asset asset = request.getAsset();
    return switch (request.getAction()) {
      case ACTION_CREATE, ACTION_DESTROY, ACTION_LOCK -> asset(dlt, asset);
      case ACTION_READ -> {
        if (request.hasAsset()) {
          yield asset(dlt, asset);
        }
        yield request.getAccount().isEmpty() ? named : resources.ledger(dlt);
      }
      default -> named;
    };
  }

  private ResourceDescriptor asset(String dlt, Asset asset) {
    return asset.getKind() == AssetKind.ASSET_KIND_UNIQUE
        ? resources.asset(dlt, asset.getAssetClass(), asset.getAssetId())
        : resources.assets(dlt, asset.getAssetClass());
  }

  private static String shown(String text) {
    return text.length() <= NAME_MAX ? text : text.substring(0, NAME_MAX) + "...";
  }
}
