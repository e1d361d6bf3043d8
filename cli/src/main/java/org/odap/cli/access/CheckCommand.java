package org.odap.cli.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.TextTable;
import org.odap.core.access.AccessRule;
import org.odap.core.access.AccessRules;
import org.odap.core.access.NearMiss;
import org.odap.core.access.Permission;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.resource.ResourceDescriptor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Explains one decision. Exits with 0 when it is allowed, with 1 when it is denied. */
@Command(
    name = "check",
    description = "Says whether a client may do something, and by which rule, or why not.")
public final class CheckCommand implements Callable<Integer> {
  @Option(names = "--file", required = true, description = "The access file.")
  private Path file;

  @Option(
      names = "--client",
      required = true,
      description = "The client: odapclient:organization/gateway/unit/name.")
  private String client;

  @Option(
      names = "--action",
      required = true,
      description = "What it wants to do: ${COMPLETION-CANDIDATES}.")
  private Permission action;

  @Option(
      names = "--resource",
      required = true,
      description = "On what: odapres://organization/gateway[/dlt[/resource]].")
  private String resource;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    ClientDescriptor who =
        ClientDescriptor.parse(client)
            .orElseThrow(() ->
                new CliException(
                    "--client: value: "
                        + client
                        + " (expected: odapclient:organization/gateway/unit/name)"));
    ResourceDescriptor what =
        ResourceDescriptor.parse(resource)
            .orElseThrow(() ->
                new CliException(
                    "--resource: value: "
                        + resource
                        + " (expected: odapres://organization/gateway[/dlt[/resource]])"));
    AccessRules rules = AccessCommand.read(file);
    Optional<AccessRule> allowing = rules.allowing(who, action, what);
    if (output.json()) {
      output.terminal().line(json(allowing, rules, who, what).json());
    } else if (allowing.isPresent()) {
      output.terminal().line("allowed by " + allowing.get());
    } else {
      explain(rules.nearest(who, action, what));
      rules
          .accessRequest(what)
          .ifPresent(how -> output.terminal().line("to ask for access: " + how));
    }
    return allowing.isPresent() ? 0 : OdapMain.EXIT_FAILED;
  }

  private void explain(List<NearMiss> nearest) {
    output
        .terminal()
        .line(
            nearest.isEmpty()
                ? "denied: no rule speaks of this client, action or resource"
                : "denied: no rule allows it; the nearest:");
    nearest.forEach(miss ->
        output.terminal().line("  " + miss.rule() + ": " + String.join("; ", miss.misfits())));
  }

  private TextTable json(
      Optional<AccessRule> allowing,
      AccessRules rules,
      ClientDescriptor who,
      ResourceDescriptor what) {
    TextTable table = new TextTable("decision", "rule", "line", "why");
    if (allowing.isPresent()) {
      table.row("ALLOWED", allowing.get().number(), allowing.get().line(), "");
    } else {
      List<NearMiss> nearest = rules.nearest(who, action, what);
      nearest.forEach(miss ->
          table.row(
              "DENIED",
              miss.rule().number(),
              miss.rule().line(),
              String.join("; ", miss.misfits())));
      if (nearest.isEmpty()) {
        table.row("DENIED", 0, 0, "no rule speaks of this client, action or resource");
      }
    }
    return table;
  }
}
