package org.odap.runtime.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.odap.runtime.logging.LogLevels;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/loggers}: what loggers write, and changes of it for a while. The operations port
 * has no TLS, so whoever reaches it is nobody: each request shows the token of a file, which is
 * read anew each time and may be replaced.
 */
final class AdminEndpoint implements HttpHandler {
  static final String PATH = "/admin/loggers";

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  /** Nobody guesses so many. */
  private static final int TOKEN_MIN = 32;

  private static final Duration LIMIT_STANDARD = Duration.ofMinutes(15);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Logger log = LoggerFactory.getLogger(AdminEndpoint.class);

  private final Path tokenFile;
  private final LogLevels levels;

  private record Answer(int status, Object body) {}

  AdminEndpoint(Path tokenFile, LogLevels levels) {
    this.tokenFile = tokenFile;
    this.levels = levels;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = isAllowed(exchange) ? answer(exchange) : refused(exchange);
      byte[] body = (text(answer.body()) + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Answer refused(HttpExchange exchange) {
    log.atWarn()
        .addKeyValue("from", exchange.getRemoteAddress())
        .addKeyValue("method", exchange.getRequestMethod())
        .log("request without the token refused");
    return problem(
        UNAUTHORIZED, "authorization: expected: Bearer and the token of admin-token-file");
  }

  private Answer answer(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Optional<String> logger =
        path.startsWith(PATH + "/")
            ? Optional.of(path.substring(PATH.length() + 1))
            : Optional.empty();
    if (logger.isEmpty() && !path.equals(PATH)) {
      return problem(NOT_FOUND, "expected: " + PATH + " or " + PATH + "/<logger>");
    }
    try {
      return switch (exchange.getRequestMethod() + (logger.isPresent() ? " one" : " all")) {
        case "GET all" -> state();
        case "PUT one" -> {
          Map<String, String> asked = query(exchange);
          levels.change(
              logger.orElseThrow(),
              asked.getOrDefault("level", ""),
              limit(asked.getOrDefault("for", "")));
          yield state();
        }
        case "DELETE one" -> {
          levels.reset(logger.orElseThrow());
          yield state();
        }
        default -> problem(METHOD_NOT_ALLOWED, "expected: GET of all, PUT or DELETE of one");
      };
    } catch (OdapException e) {
      return problem(BAD_REQUEST, e.getMessage());
    }
  }

  private Answer state() {
    Map<String, Object> changed = new TreeMap<>();
    levels
        .changed()
        .forEach((name, change) ->
            changed.put(name, Map.of("level", change.level(), "until", change.until().toString())));
    return new Answer(OK, Map.of("levels", levels.levels(), "changed", changed));
  }

  private static Duration limit(String asked) {
    try {
      return asked.isEmpty() ? LIMIT_STANDARD : Duration.parse("PT" + asked);
    } catch (DateTimeParseException e) {
      throw OdapException.fieldInvalid("for", asked, "such as 30s, 15m or 2h");
    }
  }

  /** The last of each name counts. */
  private static Map<String, String> query(HttpExchange exchange) {
    return List.of(Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("").split("&"))
        .stream()
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, last) -> last));
  }

  private boolean isAllowed(HttpExchange exchange) {
    String shown =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    try {
      String token = Files.readString(tokenFile).strip();
      if (token.length() < TOKEN_MIN) {
        log.atError()
            .addKeyValue("file", tokenFile)
            .addKeyValue("expected", TOKEN_MIN + " characters or more")
            .log("token too short, nobody may change log levels");
        return false;
      }
      return MessageDigest.isEqual(
          ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
          shown.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.atError()
          .addKeyValue("file", tokenFile)
          .addKeyValue("cause", e.getMessage())
          .log("token not readable, nobody may change log levels");
      return false;
    }
  }

  private static Answer problem(int status, String detail) {
    return new Answer(status, Map.of("status", status, "detail", detail));
  }

  private static String text(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
