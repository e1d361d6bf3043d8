package org.odap.core.evidence;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What makes one JSON value of another, as RFC 6902 writes it: add, remove, replace. */
public final class JsonPatch {
  private JsonPatch() {}

  /** The changes from one value to another. */
  public static JsonArray between(JsonElement from, JsonElement to) {
    JsonArray patch = new JsonArray();
    compare(from, to, "", patch);
    return patch;
  }

  private static void compare(JsonElement from, JsonElement to, String path, JsonArray patch) {
    if (from.equals(to)) {
      return;
    }
    if (from instanceof JsonObject one && to instanceof JsonObject other) {
      compareObjects(one, other, path, patch);
    } else if (from instanceof JsonArray one && to instanceof JsonArray other) {
      compareArrays(one, other, path, patch);
    } else {
      patch.add(change("replace", path, to));
    }
  }

  private static void compareObjects(JsonObject from, JsonObject to, String path, JsonArray patch) {
    for (String name : from.keySet()) {
      String member = path + "/" + name.replace("~", "~0").replace("/", "~1");
      if (to.has(name)) {
        compare(from.get(name), to.get(name), member, patch);
      } else {
        patch.add(removal(member));
      }
    }
    for (String name : to.keySet()) {
      if (!from.has(name)) {
        String member = path + "/" + name.replace("~", "~0").replace("/", "~1");
        patch.add(change("add", member, to.get(name)));
      }
    }
  }

  /**
   * What is the same at both ends stays; of different lengths, the rest is taken out and put in.
   */
  private static void compareArrays(JsonArray from, JsonArray to, String path, JsonArray patch) {
    int less = Math.min(from.size(), to.size());
    if (from.size() == to.size()) {
      for (int i = 0; i < less; i++) {
        compare(from.get(i), to.get(i), path + "/" + i, patch);
      }
      return;
    }
    int start = 0;
    while (start < less && from.get(start).equals(to.get(start))) {
      start++;
    }
    if (from.size() == to.size() + 1) {
      patch.add(removal(path + "/" + start));
      for (int i = start; i < to.size(); i++) {
        compare(from.get(i + 1), to.get(i), path + "/" + i, patch);
      }
      return;
    }
    for (int i = from.size() - 1; i >= start; i--) {
      patch.add(removal(path + "/" + i));
    }
    for (int i = start; i < to.size(); i++) {
      patch.add(change("add", path + "/" + i, to.get(i)));
    }
  }

  private static JsonObject change(String operation, String path, JsonElement value) {
    JsonObject change = new JsonObject();
    change.addProperty("op", operation);
    change.addProperty("path", path);
    change.add("value", value);
    return change;
  }

  private static JsonObject removal(String path) {
    JsonObject removal = new JsonObject();
    removal.addProperty("op", "remove");
    removal.addProperty("path", path);
    return removal;
  }

  /** The value after the changes. */
  public static JsonElement apply(JsonElement to, JsonArray patch) {
    JsonElement changed = to.deepCopy();
    for (JsonElement change : patch) {
      JsonObject operation = change.getAsJsonObject();
      List<String> path = new ArrayList<>(List.of(operation.get("path").getAsString().split("/")));
      String last = path.removeLast().replace("~1", "/").replace("~0", "~");
      JsonElement parent = changed;
      for (String name : path.subList(1, path.size())) {
        parent = child(parent, name.replace("~1", "/").replace("~0", "~"));
      }
      change(parent, last, operation);
    }
    return changed;
  }

  private static JsonElement child(JsonElement parent, String name) {
    return parent instanceof JsonArray array
        ? array.get(Integer.parseInt(name))
        : parent.getAsJsonObject().get(name);
  }

  private static void change(JsonElement parent, String name, JsonObject operation) {
    String what = operation.get("op").getAsString();
    if (parent instanceof JsonObject object) {
      if (what.equals("remove")) {
        object.remove(name);
      } else {
        object.add(name, operation.get("value"));
      }
      return;
    }
    JsonArray array = parent.getAsJsonArray();
    int index = Integer.parseInt(name);
    switch (what) {
      case "remove" -> array.remove(index);
      case "replace" -> array.set(index, operation.get("value"));
      default -> array.asList().add(index, operation.get("value"));
    }
  }
}
