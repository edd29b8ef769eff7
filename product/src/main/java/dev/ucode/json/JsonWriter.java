package dev.ucode.json;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes a tree as JSON text. Lone surrogates are escaped, so the result is always valid UTF-8. */
public final class JsonWriter {
  private JsonWriter() {}

  /** On one line, without spaces. */
  public static String compact(Json value) {
    StringBuilder out = new StringBuilder();
    write(value, out, -1);
    return out.toString();
  }

  /** Two spaces a level and a final newline, as settings files are written. */
  public static String pretty(Json value) {
    StringBuilder out = new StringBuilder();
    write(value, out, 0);
    return out.append('\n').toString();
  }

  /** Appends the compact form of a string, quotes included. */
  public static void quote(String text, StringBuilder out) {
    out.append('"');
    int plain = 0;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      out.append(text, plain, i);
      plain = i + 1;
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          out.append("\\u");
          for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit((c >> shift) & 0xf, 16));
          }
        }
      }
    }
    out.append(text, plain, length).append('"');
  }

  /** {@code level} below zero means compact. */
  private static void write(Json value, StringBuilder out, int level) {
    switch (value) {
      case Json.Obj(Map<String, Json> members) -> {
        if (members.isEmpty()) {
          out.append("{}");
          return;
        }
        out.append('{');
        for (Iterator<Map.Entry<String, Json>> it = members.entrySet().iterator(); it.hasNext(); ) {
          Map.Entry<String, Json> member = it.next();
          newline(out, level < 0 ? level : level + 1);
          quote(member.getKey(), out);
          out.append(level < 0 ? ":" : ": ");
          write(member.getValue(), out, level < 0 ? level : level + 1);
          if (it.hasNext()) {
            out.append(',');
          }
        }
        newline(out, level);
        out.append('}');
      }
      case Json.Arr(List<Json> items) -> {
        if (items.isEmpty()) {
          out.append("[]");
          return;
        }
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
          newline(out, level < 0 ? level : level + 1);
          write(items.get(i), out, level < 0 ? level : level + 1);
          if (i + 1 < items.size()) {
            out.append(',');
          }
        }
        newline(out, level);
        out.append(']');
      }
      case Json.Str(String text) -> quote(text, out);
      case Json.Num(String literal) -> out.append(literal);
      case Json.Bool(boolean b) -> out.append(b);
      case Json.Null n -> out.append("null");
    }
  }

  private static void newline(StringBuilder out, int level) {
    if (level >= 0) {
      out.append('\n');
      for (int i = 0; i < level; i++) {
        out.append("  ");
      }
    }
  }
}
