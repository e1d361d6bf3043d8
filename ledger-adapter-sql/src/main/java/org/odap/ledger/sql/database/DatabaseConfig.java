package org.odap.ledger.sql.database;

import java.nio.file.Path;
import java.util.Optional;

/** Where the database is and how many connections it gets. */
public record DatabaseConfig(
    String jdbcUrl, Optional<String> user, Optional<Path> passwordFile, int connectionsMax) {}
