package org.odap.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_NOT_ACCEPTING;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.api.client.v1.DecideTransferRequest;
import org.odap.api.client.v1.DecideTransferResponse;
import org.odap.cli.evidence.EvidenceFile;
import org.odap.core.access.Permission;
import org.odap.it.system.Browser;
import org.odap.it.system.Browser.Look;
import org.odap.it.system.Client;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** What a person sees and does at a gateway's console, in a real browser. */
@ExtendWith({SharedSystem.class, Browser.Shared.class})
@Tag("OURS-4")
class ConsoleTest {
  private static final Path SHOTS =
      Path.of(System.getProperty("odap.root"), "integration-tests", "target", "screenshots");

  private static final String TREASURY = "treasury";
  private static final String CLERK = "clerk";

  private final List<Page> pages = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private StorySystem system;
  private Browser browser;

  @BeforeEach
  void open(StorySystem system, Browser browser) {
    this.system = system;
    this.browser = browser;
  }

  @AfterEach
  void nothingWentWrongInTheBrowser() {
    pages.forEach(page -> page.context().close());
    assertThat(complaints).isEmpty();
  }

  @Test
  void listShowsTransfersAsTheyGoOn() {
    Page page = console(system.alpha(), Look.DESK, "#/");
    Journey journey = waiting();
    Locator row = page.locator("tr[data-key='" + journey.id() + "/sender']");
    assertThat(row).containsText("proposed");
    shot(page, "list");
    approve(journey);
    assertThat(row).containsText("completed");
    assertThat(row).containsText("beta.example/gateway-1");
  }

  @Test
  void diagramFillsWhileTheTransferRuns() {
    Journey journey = waiting();
    Page page = transfer(system.alpha(), Look.DESK, journey, "sender");
    assertThat(event(page, "InitializationRequest")).hasClass(happened());
    assertThat(event(page, "lock the asset")).hasClass(expected());
    assertThat(event(page, "CommitFinal, ")).hasClass(expected());
    shot(page, "running");

    approve(journey);

    assertThat(page.locator(".heading .chip")).hasText("completed");
    // Twelve messages, the three steps of its own ledger, and the creation as beta claims it.
    assertThat(page.locator("li.happened.to-recipient, li.happened.to-sender")).hasCount(12);
    assertThat(page.locator("li.happened.sender-ledger")).hasCount(3);
    assertThat(page.locator("li.happened.recipient-ledger")).hasCount(1);
    assertThat(page.getByText("signature verified")).hasCount(12);
    assertThat(page.locator("li.expected")).hasCount(0);
    assertThat(page.locator(".verdict")).containsText("each continues the one before");
    shot(page, "completed");
  }

  @Test
  void rollbackIsShownWithItsReason() {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setAsset(Client.amount(101));
    journey.begin();
    journey.senderEnd();
    Page page = transfer(system.alpha(), Look.NIGHT, journey, "sender");
    assertThat(page.locator(".heading .chip")).hasText("rolled back");
    assertThat(page.locator("li.note").first()).containsText("balance too low");
    assertThat(page.locator("li.expected")).hasCount(0);
    shot(page, "rolled-back");
  }

  @Test
  void messageChangedOnTheWayToTheBrowserIsShownAsWrong() {
    Journey journey = Journey.ofUnique(system, Profile.TITLE).begin();
    journey.senderEnd();
    Page page = page(system.alpha(), Look.DESK);
    page.route(
        "**/events?*",
        route -> {
          APIResponse real = route.fetch();
          route.fulfill(
              new Route.FulfillOptions()
                  .setResponse(real)
                  .setBody(real.text().replace(journey.destination(), "somebody-else")));
        });
    page.navigate(address(system.alpha()) + "#/transfers/" + journey.id() + "/sender");
    assertThat(event(page, "InitializationRequest")).containsText("signature wrong");
    assertThat(page.locator(".verdict")).containsText("not as they must be");
    shot(page, "tampered");
  }

  @Test
  void evidenceIsDownloadedWhole() {
    Journey journey = Journey.ofUnique(system, Profile.TITLE).begin();
    journey.senderEnd();
    Page page = transfer(system.alpha(), Look.DESK, journey, "sender");
    Download download = page.waitForDownload(() -> button(page, "Download evidence").click());
    Path file = SHOTS.resolve(download.suggestedFilename());
    download.saveAs(file);
    assertThat(EvidenceFile.read(file)).isEqualTo(journey.alpha().evidence(journey.id()));
  }

  @Test
  void approvesByTheKeyboardAlone() {
    Journey journey = waiting();
    Page page = transfer(system.beta(), Look.DESK, journey, "recipient");
    press(page, "Approve");
    assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Approve this transfer?");
    shot(page, "approve");
    press(page.getByRole(AriaRole.DIALOG), "Approve");
    assertThat(page.locator(".heading .chip")).hasText("completed");
    assertThat(page.locator("li.note")).containsText("approved by " + system.beta().client());
  }

  @Test
  void cancelsAfterAskingWhy() {
    Journey journey = waiting();
    Page page = transfer(system.alpha(), Look.DESK, journey, "sender");
    button(page, "Cancel transfer").click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    button(dialog, "Cancel transfer").click();
    assertThat(dialog).isVisible(); // nothing is given up without a reason
    dialog.getByRole(AriaRole.TEXTBOX).fill("wrong account");
    button(dialog, "Cancel transfer").click();
    assertThat(page.locator(".heading .chip")).hasText("rolled back");
    assertThat(page.locator("li.note").first()).containsText("wrong account");
  }

  @Test
  @Tag("OURS-3")
  void operatorPausesAndResumesTheGateway() {
    Page page = console(system.alpha(), Look.DESK, "#/gateway");
    assertThat(page.getByText("takes transfers", exactly())).isVisible();
    button(page, "Pause").click();
    page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.TEXTBOX).fill("quarter's end");
    button(page.getByRole(AriaRole.DIALOG), "Pause").click();
    try {
      assertThat(page.getByText("takes nothing new")).isVisible();
      assertThat(page.locator("main")).containsText("pause of everything by");
      shot(page, "paused");
      Journey journey = Journey.ofUnique(system, Profile.TITLE);
      assertThat(Client.reason(journey::begin)).isEqualTo(ERROR_REASON_NOT_ACCEPTING);
    } finally {
      button(page, "Resume").click();
      button(page.getByRole(AriaRole.DIALOG), "Resume").click();
      assertThat(page.getByText("takes transfers", exactly())).isVisible();
    }
    Journey.ofUnique(system, Profile.TITLE).begin().assertUniqueArrived();
  }

  private static Page.GetByTextOptions exactly() {
    return new Page.GetByTextOptions().setExact(true);
  }

  @Test
  void whoMayOnlyLookIsOfferedNothingElse() {
    system.alpha().allowClerk(Permission.VIEW);
    Journey journey = waiting();
    Page page = page(system.alpha(), CLERK, Look.DESK);
    page.navigate(address(system.alpha()) + "#/transfers/" + journey.id() + "/sender");
    assertThat(event(page, "InitializationRequest")).hasClass(happened());
    assertThat(button(page, "Download evidence")).isVisible();
    assertThat(button(page, "Cancel transfer")).hasCount(0);
    approve(journey);
    assertThat(page.locator(".heading .chip")).hasText("completed");
    system.alpha().allowClerk();
    complaints.clear(); // the browser tells of each answer that it was refused before
  }

  @ParameterizedTest
  @ValueSource(strings = {"desk", "night", "phone"})
  void isAccessible(String kind) {
    Look look =
        switch (kind) {
          case "desk" -> Look.DESK;
          case "night" -> Look.NIGHT;
          default -> Look.PHONE;
        };
    Journey journey = Journey.ofUnique(system, Profile.TITLE).begin();
    journey.senderEnd();
    Page list = console(system.alpha(), look.withScripts(), "#/");
    assertThat(list.locator("tbody tr").first()).isVisible();
    accessible(list);
    shot(list, "list-" + kind);
    Page page = transfer(system.alpha(), look.withScripts(), journey, "sender");
    assertThat(page.locator("li.happened")).hasCount(16);
    accessible(page);
    assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
        .isEqualTo(true);
    shot(page, "transfer-" + kind);
  }

  @Test
  void pageRunsNothingButItsOwn() {
    Page page = page(system.alpha(), Look.DESK);
    List<String> hosts = new ArrayList<>();
    page.onRequest(request -> hosts.add(URI.create(request.url()).getAuthority()));
    Response answer = page.navigate(address(system.alpha()) + "#/");
    assertThat(page.locator("h1")).hasText("Transfers");
    assertThat(hosts).isNotEmpty().containsOnly(URI.create(address(system.alpha())).getAuthority());
    assertThat(answer.headerValue("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.evaluate("window.ran === true")).isEqualTo(false);
    ConsoleMessage refusal =
        page.waitForConsoleMessage(() ->
            page.evaluate(
                "document.body.insertAdjacentHTML("
                    + "'beforeend', '<img src=icon.svg onload=\"window.ran=true\">')"));
    assertThat(refusal.text()).contains("Content Security Policy");
    assertThat(page.evaluate("window.ran === true")).isEqualTo(false);
    complaints.clear(); // the browser says that it ran nothing
  }

  /** A transfer that waits for somebody at beta to approve it. */
  private Journey waiting() {
    Journey journey = Journey.ofUnique(system, Profile.ART).begin();
    journey.awaitRecipient("AWAITING_APPROVAL");
    return journey;
  }

  private static void approve(Journey journey) {
    DecideTransferResponse _ =
        journey
            .beta()
            .gateway()
            .decideTransfer(
                DecideTransferRequest.newBuilder()
                    .setTransferId(journey.id())
                    .setApprove(true)
                    .build());
  }

  private Page page(Organization organization, Look look) {
    return page(organization, TREASURY, look);
  }

  private Page page(Organization organization, String member, Look look) {
    Page page =
        browser.page(
            organization.gatewayEdge().toString(),
            organization.certificate("odapclient", member, List.of()),
            look);
    page.onPageError(error -> complaints.add("error: " + error));
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        complaints.add("console: " + message.text());
      }
    });
    pages.add(page);
    return page;
  }

  private Page console(Organization organization, Look look, String place) {
    Page page = page(organization, look);
    page.navigate(address(organization) + place);
    return page;
  }

  private Page transfer(Organization organization, Look look, Journey journey, String role) {
    return console(organization, look, "#/transfers/" + journey.id() + "/" + role);
  }

  private static String address(Organization organization) {
    return organization.gatewayEdge() + "/console/";
  }

  private static Locator event(Page page, String label) {
    return page.locator("li.event").filter(new Locator.FilterOptions().setHasText(label)).first();
  }

  private static Pattern happened() {
    return Pattern.compile(".*\\bhappened\\b.*");
  }

  private static Pattern expected() {
    return Pattern.compile(".*\\bexpected\\b.*");
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator button(Locator place, String name) {
    return place.getByRole(
        AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  /** Reaches a button with the tabulator key, as somebody without a mouse does. */
  private static void press(Page page, String name) {
    press(page, button(page, name));
  }

  private static void press(Locator place, String name) {
    press(place.page(), button(place, name));
  }

  private static void press(Page page, Locator button) {
    assertThat(button).isVisible();
    for (int steps = 0; steps < 100; steps++) {
      if (Boolean.TRUE.equals(button.evaluate("it => it === document.activeElement"))) {
        page.keyboard().press("Enter");
        return;
      }
      page.keyboard().press("Tab");
    }
    throw new AssertionError("the keyboard does not get there");
  }

  private static void accessible(Page page) {
    assertThat(new AxeBuilder(page).analyze().getViolations())
        .extracting(rule -> rule.getId() + ": " + rule.getNodes())
        .isEmpty();
  }

  private static void shot(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")).setFullPage(true));
  }
}
