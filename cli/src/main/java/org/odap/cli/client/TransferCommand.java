package org.odap.cli.client;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Orders a transfer (ODAP 5.10.6) and shows it. */
@Command(
    name = "transfer",
    description = {
      "Orders a transfer of an asset to another gateway's ledger, and shows it until it ends.",
      "Fails unless the transfer completes."
    })
public final class TransferCommand implements Callable<Integer> {
  /** A duration as the order's field holds it. */
  static final class Millis implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      try {
        int millis = Math.toIntExact(Duration.parse(value).toMillis());
        if (millis > 0) {
          return millis;
        }
      } catch (DateTimeParseException | ArithmeticException e) {
        // Told below, like one that is zero or negative.
      }
      throw new TypeConversionException(
          "value: " + value + " (expected: a duration like PT10M, at most P24D)");
    }
  }

  /** Which asset: one by its id, or an amount. */
  static final class Which {
    @Option(names = "--id", paramLabel = "ID", description = "Id of a unique asset, decimal.")
    private Optional<String> id = Optional.empty();

    @Option(
        names = "--amount",
        paramLabel = "N",
        description = "Amount of a fungible asset in its smallest unit, decimal.")
    private Optional<String> amount = Optional.empty();
  }

  @ArgGroup(multiplicity = "1")
  private Which which;

  @Option(names = "--asset", required = true, description = "Id of the asset profile.")
  private String assetProfile;

  @Option(names = "--from", required = true, description = "Ledger behind the own gateway.")
  private String from;

  @Option(names = "--to", required = true, description = "Ledger behind the other gateway.")
  private String to;

  @Option(
      names = "--to-gateway",
      description = {
        "Identity of the recipient gateway, e.g. odapgw://beta.example/gateway-1; else any that the",
        "own gateway knows in front of that ledger, by chance."
      })
  private String toGateway = "";

  @Option(
      names = "--beside",
      paramLabel = "FILE",
      description = {
        "Profile of a connection to another gateway in front of the source ledger, which gets the",
        "same order at the same time; may be repeated. Needs the InterTrust mode: participants of",
        "both ledgers let one of the transfers through."
      })
  private List<Path> beside = List.of();

  @Option(
      names = "--origin",
      required = true,
      description = "Account of the originator on the source ledger.")
  private String origin;

  @Option(
      names = "--destination",
      description = "Account of the beneficiary; else the recipient gateway chooses it.")
  private String destination = "";

  @Option(
      names = "--originator-key",
      description = "Public key of the originator, base64url SPKI DER; else the client's own.")
  private Optional<String> originatorKey = Optional.empty();

  @Option(
      names = "--beneficiary-key",
      description = "Public key of the beneficiary, base64url SPKI DER; else the client's own.")
  private Optional<String> beneficiaryKey = Optional.empty();

  @Option(
      names = "--lock-duration",
      paramLabel = "DURATION",
      converter = Millis.class,
      description = "How long the asset may stay locked, e.g. PT10M; else the gateway's default.")
  private int lockMillis;

  @Option(
      names = "--three-phase",
      description = "Three-phase commit instead of two-phase, if the other gateway takes it.")
  private boolean threePhase;

  @Option(
      names = "--request-id",
      description = "Makes a repeat of the same command harmless; else a random one.")
  private String requestId = UUID.randomUUID().toString();

  @Option(names = "--number", description = "The client's own number for the transfer.")
  private String number = "";

  @Option(names = "--detach", description = "Print the transfer's id and don't wait.")
  private boolean detach;

  @Option(
      names = "--peer-profile",
      paramLabel = "FILE",
      description = "Profile of a connection to the other gateway, to show its steps too.")
  private Optional<Path> peerProfile = Optional.empty();

  @Mixin private ProfileOption profile;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    if (!beside.isEmpty()) {
      return several();
    }
    try (GatewayConnection gateway = profile.connect()) {
      Transfer transfer = gateway.transfers().startTransfer(request(gateway)).getTransfer();
      if (detach) {
        if (output.json()) {
          output.print(transfer);
        } else {
          output.terminal().line(transfer.getTransferId());
        }
        return 0;
      }
      Transfer last =
          WatchCommand.watch(
              gateway,
              transfer.getTransferId(),
              GatewayRole.GATEWAY_ROLE_SENDER,
              peerProfile,
              output);
      return last.getOutcome() == TransferOutcome.TRANSFER_OUTCOME_COMPLETED
          ? 0
          : OdapMain.EXIT_FAILED;
    }
  }

  /** Gives the order to all gateways at once; the transfers end as they end. */
  private int several() throws InterruptedException {
    List<ClientProfile> profiles =
        Stream.concat(Stream.of(profile.read()), beside.stream().map(ProfileOption::read)).toList();
    List<Transfer> ends = SameOrder.toAll(profiles, this::request);
    if (output.json()) {
      ends.forEach(output::print);
    } else {
      TransferText.list(ends).forEach(output.terminal()::line);
    }
    long completed =
        ends.stream()
            .filter(end -> end.getOutcome() == TransferOutcome.TRANSFER_OUTCOME_COMPLETED)
            .count();
    return completed == 1 ? 0 : OdapMain.EXIT_FAILED;
  }

  private StartTransferRequest request(GatewayConnection gateway) {
    Asset.Builder asset = Asset.newBuilder();
    which.id.ifPresent(id -> asset.setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(id));
    which.amount.ifPresent(n -> asset.setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount(n));
    return StartTransferRequest.newBuilder()
        .setRequestId(requestId)
        .setSenderDltSystem(from)
        .setRecipientGateway(toGateway)
        .setRecipientDltSystem(to)
        .setAssetProfileId(assetProfile)
        .setCommitProtocol(
            threePhase
                ? CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE
                : CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE)
        .setAsset(asset)
        .setOrigin(origin)
        .setOriginatorPubkey(originatorKey.orElseGet(gateway::publicKey))
        .setDestination(destination)
        .setBeneficiaryPubkey(beneficiaryKey.orElseGet(gateway::publicKey))
        .setLockDurationMillis(lockMillis)
        .setClientTransferNumber(number)
        .setOneOfSeveral(!beside.isEmpty())
        .build();
  }
}
