package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.core.session.Role;

/** The rules as a table: the page about them is up to date, and no row hides another. */
class TransferStatesPageTest {
  @Test
  void thePageSaysWhatTheRulesSay() throws IOException {
    Golden.check(Golden.root().resolve("docs/transfer-states.md"), RuleTable.page());
  }

  @ParameterizedTest
  @EnumSource
  void noTwoRowsHaveTheSameCondition(Role role) {
    assertThat(TransferMachine.rules(role).stream().map(RuleTable::name)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void noRowLeavesAnEnd(Role role) {
    assertThat(TransferMachine.rules(role)).noneMatch(rule -> rule.from().ended());
  }

  @ParameterizedTest
  @EnumSource
  void aRowWithoutConditionIsTheLastOfItsPlace(Role role) {
    List<Rule> rules = TransferMachine.rules(role);
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (rule.when().isEmpty()) {
        assertThat(rules.subList(i + 1, rules.size()))
            .as(RuleTable.name(rule))
            .noneMatch(later -> later.from() == rule.from() && later.on().equals(rule.on()));
      }
    }
  }
}
