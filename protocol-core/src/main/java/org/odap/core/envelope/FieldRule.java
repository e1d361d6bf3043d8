package org.odap.core.envelope;

/**
 * What is asked of one field of a message, as the comment beside it in the schema says.
 *
 * @param name name in the schema
 * @param required whether it must be given: not empty, not zero
 * @param form of its value; of each element of a list; of each value of a map
 * @param maxCount most elements of a list or members of a map; 1 for all other fields
 * @param maxKeyLength most characters of a map's key; 0 for all other fields
 */
record FieldRule(String name, boolean required, Form form, int maxCount, int maxKeyLength) {
  static FieldRule required(String name, Form form) {
    return new FieldRule(name, true, form, 1, 0);
  }

  static FieldRule optional(String name, Form form) {
    return new FieldRule(name, false, form, 1, 0);
  }

  static FieldRule requiredList(String name, int maxCount, Form form) {
    return new FieldRule(name, true, form, maxCount, 0);
  }

  static FieldRule list(String name, int maxCount, Form form) {
    return new FieldRule(name, false, form, maxCount, 0);
  }

  static FieldRule map(String name, int maxCount, int maxKeyLength, Form form) {
    return new FieldRule(name, false, form, maxCount, maxKeyLength);
  }
}
