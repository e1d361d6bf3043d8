package org.odap.it.system;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ClientCertificate;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.odap.runtime.identity.TlsFiles;

/**
 * The system's Chromium, for stories on the console. Each page has a window of its own and shows
 * the gateway the certificate it is given.
 */
public final class Browser implements AutoCloseable {
  private static final List<Path> CHROMIUM =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
  private static final int PATIENCE_MILLIS = 30_000;

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;

  private Browser() {
    Path executable =
        CHROMIUM.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "no Chromium in " + CHROMIUM + ": Debian has it as the package chromium"));
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    // Containers have no place for Chromium's own sandbox; it sees our pages alone.
                    .setArgs(List.of("--no-sandbox")));
  }

  /** How a page is looked at. */
  public record Look(int width, int height, ColorScheme colors, boolean scripted) {
    /** A window on a desk. */
    public static final Look DESK = new Look(1200, 800, ColorScheme.LIGHT, false);

    /** The same in the dark. */
    public static final Look NIGHT = new Look(1200, 800, ColorScheme.DARK, false);

    /** A phone held upright, in the dark. */
    public static final Look PHONE = new Look(360, 740, ColorScheme.DARK, false);

    /** The same look for a tool that puts its own script into the page. */
    public Look withScripts() {
      return new Look(width, height, colors, true);
    }
  }

  /** An empty page of a window that shows this certificate to one address. */
  public Page page(String origin, TlsFiles certificate, Look look) {
    BrowserContext context =
        chromium.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setClientCertificates(
                    List.of(
                        new ClientCertificate(origin)
                            .setCertPath(certificate.certificate())
                            .setKeyPath(certificate.key())))
                // The system's certificates are a test's own: Chromium knows none of them.
                .setIgnoreHTTPSErrors(true)
                .setViewportSize(look.width(), look.height())
                .setColorScheme(look.colors())
                .setBypassCSP(look.scripted()));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    return context.newPage();
  }

  @Override
  public void close() {
    Stream.<AutoCloseable>of(chromium, playwright)
        .forEach(part -> {
          try {
            part.close();
          } catch (Exception e) {
            throw new IllegalStateException("browser does not end", e);
          }
        });
  }

  /** Gives tests the one browser of this run. */
  public static final class Shared implements ParameterResolver {
    private static final ExtensionContext.Namespace SPACE =
        ExtensionContext.Namespace.create(Browser.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Browser.class;
    }

    @Override
    public Browser resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(SPACE)
          .computeIfAbsent(Browser.class, any -> new Browser(), Browser.class);
    }
  }
}
