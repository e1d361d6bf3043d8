package org.odap.cli.pki;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.odap.cli.CliException;
import org.odap.cli.OutputOptions;
import org.odap.cli.system.YamlFile;
import org.odap.cli.terminal.TextTable;
import org.odap.core.resource.GatewayResources;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TrustedOrganization;
import org.odap.runtime.rpc.RpcTarget;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes an organization's certificates for development. */
@Command(
    name = "pki",
    description = {
      "Makes an organization's entity certificate, and those of its gateways, services, clients,",
      "for development."
    },
    subcommands = RenewCommand.class)
public final class PkiCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FOLDER",
      arity = "0..1",
      description = "Where to write; must not hold a PKI yet.")
  private Path folder;

  @Option(
      names = "--organization",
      description = "Host part of the identities, e.g. alpha.example.")
  private String organization;

  @Option(
      names = "--gateway",
      paramLabel = "NAME",
      description = "Gateway odapgw://<organization>/NAME; several times for several.")
  private List<String> gateways = new ArrayList<>();

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      description = "Backup of the first gateway: its identity, a key of its own, in NAME.pem.")
  private List<String> backups = new ArrayList<>();

  @Option(names = "--log", paramLabel = "NAME", description = "Log service odaplog://...")
  private List<String> logs = new ArrayList<>();

  @Option(names = "--ledger", paramLabel = "NAME", description = "Ledger adapter odapledger://...")
  private List<String> ledgers = new ArrayList<>();

  @Option(
      names = "--client",
      paramLabel = "NAME",
      description = "Client odapclient://<organization>/<first gateway's host>/<unit>/NAME.")
  private List<String> clients = new ArrayList<>();

  @Option(
      names = "--unit",
      defaultValue = "clients",
      description = "Unit of the organization its clients are in (default: ${DEFAULT-VALUE}).")
  private String unit;

  @Option(
      names = "--trust",
      paramLabel = "ORG=PEM",
      description = "Another organization and its entity certificate; may be made later.")
  private Map<String, Path> trusted = new LinkedHashMap<>();

  @Option(
      names = "--connect",
      paramLabel = "HOST:PORT",
      description = "Address of the first gateway: writes a connection profile for each client.")
  private Optional<String> address = Optional.empty();

  @Mixin private OutputOptions output;
  @Spec private CommandSpec spec;

  private void require(boolean given, String mistake) {
    if (!given) {
      throw new CommandLine.ParameterException(spec.commandLine(), mistake);
    }
  }

  @Override
  public Integer call() {
    // Not required as such: what is made already is renewed without them.
    require(folder != null, "Missing required parameter: 'FOLDER'");
    require(organization != null, "Missing required option: '--organization'");
    if (Files.exists(folder.resolve("entity.pem"))) {
      throw new CliException(folder + " holds a PKI already: name another folder");
    }
    if (address.isPresent() && gateways.isEmpty()) {
      throw new CliException("--connect needs a --gateway to connect to");
    }
    if (!clients.isEmpty() && gateways.isEmpty()) {
      throw new CliException("--client needs a --gateway it is at home at");
    }
    if (!backups.isEmpty() && gateways.isEmpty()) {
      throw new CliException("--backup needs a --gateway to stand in for");
    }
    DevelopmentPki pki = DevelopmentPki.create(folder, organization);
    List<TrustedOrganization> others =
        trusted.entrySet().stream()
            .map(other -> new TrustedOrganization(other.getKey(), other.getValue()))
            .toList();
    TextTable made = new TextTable("identity", "certificate");
    made.row(organization + " (entity)", pki.entityCertificate());
    issue(pki, "odapgw", gateways, others, made);
    for (String backup : backups) {
      Identity gateway = new Identity("odapgw://" + organization + "/" + gateways.getFirst());
      made.row(gateway.uri(), pki.issue(gateway, backup, others).certificate());
    }
    issue(pki, "odaplog", logs, others, made);
    issue(pki, "odapledger", ledgers, others, made);
    issue(pki, "odapclient", clients, others, made)
        .forEach((name, tls) -> profile(name, tls, made));
    if (output.json()) {
      output.terminal().line(made.json());
    } else {
      made.lines().forEach(output.terminal()::line);
    }
    return 0;
  }

  private Map<String, TlsFiles> issue(
      DevelopmentPki pki,
      String scheme,
      List<String> names,
      List<TrustedOrganization> others,
      TextTable made) {
    Map<String, TlsFiles> issued = new LinkedHashMap<>();
    for (String name : names) {
      Identity identity =
          new Identity(
              scheme
                  + "://"
                  + organization
                  + "/"
                  + (scheme.equals("odapclient") ? home() : "")
                  + name);
      TlsFiles tls = pki.issue(identity, name, others);
      issued.put(name, tls);
      made.row(identity.uri(), tls.certificate());
    }
    return issued;
  }

  /** Where a client's name begins in a descriptor (ODAP 5.4). */
  private String home() {
    return GatewayResources.of("odapgw://" + organization + "/" + gateways.getFirst())
            .orElseThrow(() ->
                new CliException(
                    gateways.getFirst()
                        + "."
                        + organization
                        + " is no host name: clients need one"))
            .gateway()
            .gateway()
        + "/"
        + unit
        + "/";
  }

  private void profile(String client, TlsFiles tls, TextTable made) {
    if (address.isPresent()) {
      Path file = folder.resolve(client + "-profile.yaml");
      String gateway = "odapgw://" + organization + "/" + gateways.getFirst();
      YamlFile.write(file, YamlFile.profile(new RpcTarget(address.get(), gateway), tls));
      made.row("profile of " + client, file);
    }
  }
}
