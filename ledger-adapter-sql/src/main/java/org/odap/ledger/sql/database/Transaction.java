package org.odap.ledger.sql.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One open transaction. An argument that is an empty Optional is SQL's NULL. */
public final class Transaction {
  private final Connection connection;

  Transaction(Connection connection) {
    this.connection = connection;
  }

  /** Makes something of a row. */
  public interface RowReader<T> {
    /** Reads the row that the result stands on. */
    T read(ResultSet row) throws SQLException;
  }

  /** Changes rows; answers how many. */
  public int update(String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, arguments);
      return statement.executeUpdate();
    }
  }

  /** The first row, if there is one. */
  public <T> Optional<T> first(String sql, RowReader<T> reader, Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, arguments);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
      }
    }
  }

  /** All rows, in their order. */
  public <T> List<T> all(String sql, RowReader<T> reader, Object... arguments) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, arguments);
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(reader.read(rows));
        }
      }
      return found;
    }
  }

  /** To be thrown where rows changed between two statements so that the work has to start over. */
  public static SQLException runAgain() {
    return new SQLException("rows changed between two statements", "40001");
  }

  private static void set(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      if (argument instanceof Optional<?> optional) {
        if (optional.isPresent()) {
          statement.setObject(i + 1, optional.get());
        } else {
          statement.setNull(i + 1, Types.NULL);
        }
      } else {
        statement.setObject(i + 1, argument);
      }
    }
  }
}
