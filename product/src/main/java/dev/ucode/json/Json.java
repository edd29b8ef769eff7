package dev.ucode.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value. Objects keep the order of their members; numbers keep the digits they were written
 * with. Lookups never throw: a missing member or a member of another kind is null, because the
 * files read here belong to other programs and change shape between their versions.
 */
public sealed interface Json {
  /** An object; of duplicate names the last one wins. */
  record Obj(Map<String, Json> members) implements Json {
    public Obj {
      members = Collections.unmodifiableMap(members);
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = Collections.unmodifiableList(items);
    }
  }

  /** A string. */
  record Str(String value) implements Json {}

  /** A number, as it was written. */
  record Num(String literal) implements Json {}

  /** A truth value. */
  record Bool(boolean value) implements Json {}

  /** {@code null}. */
  enum Null implements Json {
    NULL
  }

  /** A string value. */
  static Json of(String value) {
    return new Str(value);
  }

  /** A whole number. */
  static Json of(long value) {
    return new Num(Long.toString(value));
  }

  /** A decimal number; NaN and the infinities, which JSON has no words for, become null. */
  static Json of(double value) {
    return Double.isFinite(value) ? new Num(BigDecimal.valueOf(value).toString()) : Null.NULL;
  }

  /** A truth value. */
  static Json of(boolean value) {
    return new Bool(value);
  }

  /** An array of the given values. */
  static Arr array(Json... items) {
    return new Arr(List.of(items));
  }

  /** An empty object to be filled. */
  static Builder object() {
    return new Builder();
  }

  /** The member of that name, if this is an object that has one. */
  default @Nullable Json get(String name) {
    return this instanceof Obj o ? o.members().get(name) : null;
  }

  /** The value at a path of member names. */
  default @Nullable Json at(String... path) {
    Json here = this;
    for (String name : path) {
      if (here == null) {
        return null;
      }
      here = here.get(name);
    }
    return here;
  }

  /** The string of that name. */
  default @Nullable String text(String name) {
    return get(name) instanceof Str s ? s.value() : null;
  }

  /** The string of that name, or the given one. */
  default String text(String name, String otherwise) {
    String found = text(name);
    return found == null ? otherwise : found;
  }

  /** The whole number of that name; decimals are cut, numbers beyond 64 bits are null. */
  default @Nullable Long number(String name) {
    if (!(get(name) instanceof Num n)) {
      return null;
    }
    try {
      return Long.valueOf(n.literal());
    } catch (NumberFormatException notPlain) {
      try {
        BigDecimal decimal = new BigDecimal(n.literal());
        // A wild exponent would make a number with as many digits.
        return decimal.precision() - decimal.scale() > 19 ? null : decimal.longValue();
      } catch (NumberFormatException notNumber) {
        return null;
      }
    }
  }

  /** The whole number of that name, or the given one. */
  default long number(String name, long otherwise) {
    Long found = number(name);
    return found == null ? otherwise : found;
  }

  /** Whether the member of that name is {@code true}. */
  default boolean isTrue(String name) {
    return get(name) instanceof Bool b && b.value();
  }

  /** The items of the array of that name; empty where there is none. */
  default List<Json> items(String name) {
    return get(name) instanceof Arr a ? a.items() : List.of();
  }

  /** The text of this value if it is a string. */
  default @Nullable String asText() {
    return this instanceof Str s ? s.value() : null;
  }

  /** Compact JSON text. */
  default String write() {
    return JsonWriter.compact(this);
  }

  /** Collects the members of an object in order. */
  final class Builder {
    private final Map<String, Json> members = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(String name, Json value) {
      members.put(name, value);
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, Json.of(value));
    }

    public Builder put(String name, long value) {
      return put(name, Json.of(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, Json.of(value));
    }

    /** Leaves the member out where the value is null. */
    public Builder putIfPresent(String name, @Nullable String value) {
      return value == null ? this : put(name, value);
    }

    /** Leaves the member out where the value is null. */
    public Builder putIfPresent(String name, @Nullable Long value) {
      return value == null ? this : put(name, Json.of(value.longValue()));
    }

    /** Leaves the member out where the value is null. */
    public Builder putIfPresent(String name, @Nullable Json value) {
      return value == null ? this : put(name, value);
    }

    /** Adds an array of the mapped values. */
    public Builder put(String name, List<? extends Json> values) {
      return put(name, new Arr(new ArrayList<>(values)));
    }

    public Obj build() {
      return new Obj(new LinkedHashMap<>(members));
    }
  }
}
