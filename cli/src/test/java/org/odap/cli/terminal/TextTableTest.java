package org.odap.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCellAndNumbersStandToTheRight() {
    TextTable table = new TextTable("ledger", "amount", "owner");
    table.row("ethereum-1", 1000, "alice");
    table.row("sql-1", "2.5", "bob");

    assertThat(table.lines())
        .containsExactly(
            "ledger      amount  owner", //
            "ethereum-1    1000  alice",
            "sql-1          2.5  bob");
  }

  @Test
  void aRowOfAnotherWidthIsABug() {
    TextTable table = new TextTable("one", "two");
    assertThatThrownBy(() -> table.row("alone")).hasMessage("cells: 1 (expected: 2)");
  }
}
