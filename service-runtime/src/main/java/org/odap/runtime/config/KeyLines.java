package org.odap.runtime.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** In which line of a YAML file each key stands, by its path as mistakes name it. */
final class KeyLines {
  private final JsonParser tokens;
  private final Map<String, Integer> lines = new HashMap<>();

  private KeyLines(JsonParser tokens) {
    this.tokens = tokens;
  }

  static Map<String, Integer> of(String yaml) throws IOException {
    try (JsonParser tokens = new YAMLFactory().createParser(yaml)) {
      KeyLines keys = new KeyLines(tokens);
      keys.value(tokens.nextToken(), "");
      return keys.lines;
    }
  }

  /** The mistake with the line of its key, or of what that key is in; or as it is. */
  static String located(String mistake, Map<String, Integer> lines) {
    int end = mistake.indexOf(": ");
    for (String path = end < 0 ? "" : mistake.substring(0, end);
        !path.isEmpty();
        path = path.substring(0, Math.max(0, lastBoundary(path)))) {
      Integer line = lines.get(path);
      if (line != null) {
        return "line " + line + ": " + mistake;
      }
    }
    return mistake;
  }

  private static int lastBoundary(String path) {
    return Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  }

  private void value(JsonToken token, String path) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      while (tokens.nextToken() == JsonToken.FIELD_NAME) {
        String key = path.isEmpty() ? tokens.currentName() : path + "." + tokens.currentName();
        note(key);
        value(tokens.nextToken(), key);
      }
    } else if (token == JsonToken.START_ARRAY) {
      int index = 0;
      for (JsonToken item = tokens.nextToken();
          item != JsonToken.END_ARRAY && item != null;
          item = tokens.nextToken()) {
        String key = path + "[" + index++ + "]";
        note(key);
        value(item, key);
      }
    }
  }

  private void note(String key) {
    lines.putIfAbsent(key, tokens.currentTokenLocation().getLineNr());
  }
}
