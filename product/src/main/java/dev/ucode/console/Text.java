package dev.ucode.console;

/** Text for a terminal: made harmless, measured in cells, cut to fit. */
public final class Text {
  private static final char ESCAPE = '\u001b';
  private static final String ELLIPSIS = "…";

  private Text() {}

  /**
   * Text that came from outside (a server, a transcript, a file name) with everything in it that
   * could move the cursor, change colours, hide or reorder other text made visible instead. Line
   * ends and tabs stay.
   */
  public static String safe(String text) {
    int harmless = 0;
    while (harmless < text.length() && isHarmless(text.charAt(harmless))) {
      harmless++;
    }
    if (harmless == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, harmless);
    for (int i = harmless; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
        continue;
      }
      if (isHarmless(c)) {
        out.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        out.append("\\u%04x".formatted((int) c));
      }
    }
    return out.toString();
  }

  /** As {@link #safe}, on one line: white space of any kind and length becomes one blank. */
  public static String oneLine(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean blank = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        blank = !out.isEmpty();
      } else {
        if (blank) {
          out.append(' ');
          blank = false;
        }
        out.append(c);
      }
    }
    return safe(out.toString());
  }

  private static boolean isHarmless(char c) {
    if (c < 0x7f) {
      return c >= ' ' || c == '\n' || c == '\t';
    }
    boolean control = c < 0xa0;
    boolean mark = (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e);
    boolean isolate = (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x061c;
    boolean line = c == 0x2028 || c == 0x2029;
    return !control && !mark && !isolate && !line && !Character.isSurrogate(c);
  }

  /** How many cells the text takes on a terminal; our own colour codes take none. */
  public static int width(String text) {
    int width = 0;
    int i = 0;
    while (i < text.length()) {
      if (text.charAt(i) == ESCAPE) {
        i = afterCode(text, i);
        continue;
      }
      int point = text.codePointAt(i);
      width += cells(point);
      i += Character.charCount(point);
    }
    return width;
  }

  /** The text in at most that many cells, the last of which is an ellipsis where some was cut. */
  public static String fit(String text, int cells) {
    if (cells <= 0) {
      return "";
    }
    if (width(text) <= cells) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int left = cells - 1;
    int i = 0;
    boolean coloured = false;
    while (i < text.length()) {
      int next;
      if (text.charAt(i) == ESCAPE) {
        next = afterCode(text, i);
        coloured = true;
      } else {
        int point = text.codePointAt(i);
        next = i + Character.charCount(point);
        left -= cells(point);
        if (left < 0) {
          break;
        }
      }
      out.append(text, i, next);
      i = next;
    }
    return out.append(ELLIPSIS).append(coloured ? Paint.RESET : "").toString();
  }

  /** The text, followed by blanks up to that many cells. */
  public static String padEnd(String text, int cells) {
    return text + " ".repeat(Math.max(0, cells - width(text)));
  }

  /** The text, preceded by blanks up to that many cells. */
  public static String padStart(String text, int cells) {
    return " ".repeat(Math.max(0, cells - width(text))) + text;
  }

  private static int afterCode(String text, int escape) {
    int end = text.indexOf('m', escape);
    return end < 0 ? text.length() : end + 1;
  }

  private static int cells(int point) {
    if (point < 0x300) {
      return 1;
    }
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || (point >= 0xfe00 && point <= 0xfe0f)) {
      return 0;
    }
    return isWide(point) ? 2 : 1;
  }

  /** East Asian wide and full-width blocks, and emoji (Unicode's EastAsianWidth, by block). */
  private static boolean isWide(int point) {
    return (point >= 0x1100 && point <= 0x115f)
        || (point >= 0x2e80 && point <= 0xa4cf && point != 0x303f)
        || (point >= 0xac00 && point <= 0xd7a3)
        || (point >= 0xf900 && point <= 0xfaff)
        || (point >= 0xfe30 && point <= 0xfe6f)
        || (point >= 0xff00 && point <= 0xff60)
        || (point >= 0xffe0 && point <= 0xffe6)
        || (point >= 0x1f300 && point <= 0x1f64f)
        || (point >= 0x1f680 && point <= 0x1f6ff)
        || (point >= 0x1f900 && point <= 0x1faff)
        || (point >= 0x20000 && point <= 0x3fffd);
  }
}
