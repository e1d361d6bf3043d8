package org.odap.gateway.travelrule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.odap.runtime.json.PublishedSchema;

/**
 * Plain travel-rule data, for as long as it takes to check them. What is said of them names places
 * and rules, never what stands there: it ends up in denials, logs and errors.
 */
final class TravelRuleData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MISTAKES_MAX = 8;

  private TravelRuleData() {}

  /**
   * What the data have to agree with.
   *
   * @param destination empty while nobody has chosen it
   * @param beneficiaryVasp empty when it is not known here
   */
  record Expected(
      String origin, String destination, String originatingVasp, String beneficiaryVasp) {}

  /** What is wrong with the data; nothing when they are right. */
  static List<String> mistakes(String document, Expected expected) {
    List<String> mistakes =
        new ArrayList<>(
            PublishedSchema.TRAVEL_RULE.mistakes(document).stream()
                .map(mistake -> mistake.path() + " (" + mistake.rule() + ")")
                .limit(MISTAKES_MAX)
                .toList());
    if (mistakes.isEmpty()) {
      compare(tree(document), expected, mistakes);
    }
    return mistakes;
  }

  private static void compare(JsonNode data, Expected expected, List<String> mistakes) {
    account(data.path("originator"), expected.origin(), "$.originator", mistakes);
    account(data.path("beneficiary"), expected.destination(), "$.beneficiary", mistakes);
    vasp(data, "originatingVASP", expected.originatingVasp(), mistakes);
    vasp(data, "beneficiaryVASP", expected.beneficiaryVasp(), mistakes);
  }

  private static void account(JsonNode party, String account, String path, List<String> mistakes) {
    boolean named =
        Stream.of(party.path("accountNumber"))
            .flatMap(JsonNode::valueStream)
            .anyMatch(one -> one.asText().equals(account));
    if (!account.isEmpty() && !named) {
      mistakes.add(path + ".accountNumber (expected: with the transfer's account)");
    }
  }

  /** A VASP is the one of the transfer when its identifier is. */
  private static void vasp(JsonNode data, String member, String id, List<String> mistakes) {
    String given =
        data.path(member)
            .path(member)
            .path("legalPerson")
            .path("nationalIdentification")
            .path("nationalIdentifier")
            .asText();
    if (!id.isEmpty() && !given.equals(id)) {
      mistakes.add("$." + member + " (expected: the VASP of that gateway)");
    }
  }

  private static JsonNode tree(String document) {
    try {
      return JSON.readTree(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("held against the schema a line ago", e);
    }
  }
}
