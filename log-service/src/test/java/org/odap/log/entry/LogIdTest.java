package org.odap.log.entry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.api.common.v1.ErrorReason;

/** Names of logs, each rule of them broken once. */
class LogIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"sender", "recipient", "operations", "tracker", "client"})
  @Tag("2PC-3")
  void aSessionAndWhoseLogItIsNameALog(String whose) {
    String name = "4eaefe65-2989-862c-a67c-de8aefaaa2f6/" + whose;
    assertThat(LogId.parse(name)).isEqualTo(Outcome.done(new LogId(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4",
        "4eaefe65-2989-862c-a67c-de8aefaaa2f6",
        "4eaefe65-2989-862c-a67c-de8aefaaa2f6/",
        "4eaefe65-2989-862c-a67c-de8aefaaa2f6/stranger",
        "4eaefe65-2989-862c-a67c-de8aefaaa2f6/senders",
        "4eaefe65-2989-862c-a67c-de8aefaaa2f6 /sender",
        "4eaefe65-2989-862c-a67c-de8aefaaa2f/sender",
        "4Eaefe65-2989-862c-a67c-de8aefaaa2f6/sender",
        "4gaefe65-2989-862c-a67c-de8aefaaa2f6/sender",
        "4eaefe65-29g9-862c-a67c-de8aefaaa2f6/sender",
        "4eaefe65-2989-86gc-a67c-de8aefaaa2f6/sender",
        "4eaefe65-2989-862c-a6gc-de8aefaaa2f6/sender",
        "4eaefe65-2989-862c-a67c-de8aefaaa2fg/sender",
        "4eaefe65a2989-862c-a67c-de8aefaaa2f6/sender",
        "4eaefe65-2989a862c-a67c-de8aefaaa2f6/sender",
        "4eaefe65-2989-862caa67c-de8aefaaa2f6/sender",
        "4eaefe65-2989-862c-a67cade8aefaaa2f6/sender",
      })
  @Tag("2PC-3")
  void anythingElseIsRefusedAndQuoted(String name) {
    assertThat(LogId.parse(name))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
              assertThat(refused.description()).contains("\"" + name + "\"");
            });
  }
}
