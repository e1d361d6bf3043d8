package org.odap.core.envelope;

import static java.util.stream.Collectors.toUnmodifiableMap;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaConversionException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads one field of messages, with the values that protobuf's own reflection gives, at the price
 * of a call of the generated getter: each message is read several times, to be checked and hashed.
 */
final class FieldReader {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private static final Map<String, List<FieldReader>> KNOWN =
      OdapTypes.all().collect(toUnmodifiableMap(Descriptor::getFullName, FieldReader::make));

  private final FieldDescriptor field;
  private final FieldDescriptor.Type type;
  private final boolean repeated;
  private final boolean map;
  private final String jsonName;
  private final Optional<Class<?>> owner;
  private final Memo<Function<Object, Object>> getter;
  private final Memo<Function<Object, Object>> presence;

  private FieldReader(FieldDescriptor field) {
    this.field = field;
    this.type = field.getType();
    this.repeated = field.isRepeated();
    this.map = field.isMapField();
    this.jsonName = field.getJsonName();
    this.owner =
        hasPlainGetter(field)
            ? OdapTypes.prototype(field.getContainingType()).map(Message::getClass)
            : Optional.empty();
    this.getter = new Memo<>(() -> accessor(getterName(field)));
    this.presence = new Memo<>(() -> accessor("has" + camelCase(field.getName())));
  }

  /** The fields of a type, in the order of its schema. */
  static List<FieldReader> of(Descriptor descriptor) {
    List<FieldReader> known = KNOWN.get(descriptor.getFullName());
    return known == null ? make(descriptor) : known;
  }

  private static List<FieldReader> make(Descriptor descriptor) {
    return descriptor.getFields().stream().map(FieldReader::new).toList();
  }

  FieldDescriptor field() {
    return field;
  }

  FieldDescriptor.Type type() {
    return type;
  }

  boolean isRepeated() {
    return repeated;
  }

  boolean isMap() {
    return map;
  }

  String jsonName() {
    return jsonName;
  }

  /** Whether the message has the field: a list's element, or a value that is not the default. */
  boolean isGiven(Message message) {
    if (!isGenerated(message)) {
      return repeated ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
    }
    return field.hasPresence()
        ? (Boolean) presence.get().apply(message)
        : !isDefault(getter.get().apply(message));
  }

  /** The value as {@link Message#getField} gives it. */
  Object value(Message message) {
    if (!isGenerated(message)) {
      return message.getField(field);
    }
    Object value = getter.get().apply(message);
    return type == FieldDescriptor.Type.ENUM
        ? field.getEnumType().findValueByNumberCreatingIfUnknown((Integer) value)
        : value;
  }

  /** Whether a message is of the class whose getters are used; a dynamic one is not. */
  private boolean isGenerated(Message message) {
    return owner.isPresent() && owner.get() == message.getClass();
  }

  private static boolean isDefault(Object value) {
    return switch (value) {
      case String text -> text.isEmpty();
      case Integer number -> number == 0;
      case Long number -> number == 0;
      case Boolean flag -> !flag;
      case ByteString bytes -> bytes.isEmpty();
      case List<?> elements -> elements.isEmpty();
      default -> throw new IllegalArgumentException("the schemas have no " + value.getClass());
    };
  }

  /** The getters of maps and of lists of enums give something else than reflection does. */
  private static boolean hasPlainGetter(FieldDescriptor field) {
    return !field.isMapField()
        && !(field.isRepeated() && field.getType() == FieldDescriptor.Type.ENUM);
  }

  private static String getterName(FieldDescriptor field) {
    String name = "get" + camelCase(field.getName());
    if (field.isRepeated()) {
      return name + "List";
    }
    return field.getType() == FieldDescriptor.Type.ENUM ? name + "Value" : name;
  }

  private static String camelCase(String name) {
    return Arrays.stream(name.split("_"))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }

  private Function<Object, Object> accessor(String method) {
    Class<?> generated = owner.orElseThrow();
    try {
      return function(LOOKUP.unreflect(generated.getMethod(method)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no " + method + " in " + generated, e);
    }
  }

  /** A function the compiler can inline, which a handle in a field is not. */
  @SuppressWarnings("unchecked") // The factory makes what its third argument says.
  private static Function<Object, Object> function(MethodHandle getter) {
    try {
      CallSite site =
          LambdaMetafactory.metafactory(
              LOOKUP,
              "apply",
              MethodType.methodType(Function.class),
              MethodType.genericMethodType(1),
              getter,
              getter.type().wrap());
      return (Function<Object, Object>) site.getTarget().invoke();
    } catch (LambdaConversionException e) {
      throw new IllegalStateException("not a getter: " + getter, e);
    } catch (Throwable e) {
      throw new IllegalStateException("a function without arguments was made", e);
    }
  }
}
