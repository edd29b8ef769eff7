package dev.ucode.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a PEM private key, also where the text was cut before its end, and also inside
 * another string, where line ends are the two characters {@code \n}.
 */
final class PrivateKeyRule implements Rule {
  private static final int HEADER = 60;

  @Override
  public List<String> anchors() {
    return List.of("-----begin ");
  }

  @Override
  public @Nullable Found find(String text, int at) {
    int name = at + "-----BEGIN ".length();
    int dashes = text.indexOf("-----", name);
    if (dashes < 0 || dashes > name + HEADER) {
      return null;
    }
    String header = text.substring(name, dashes);
    if (!header.endsWith("PRIVATE KEY") && !header.endsWith("PRIVATE KEY BLOCK")) {
      return null;
    }
    int from = skipLineEnds(text, dashes + "-----".length());
    int end = text.indexOf("-----END", from);
    int to = end >= 0 ? end : bodyEnd(text, from);
    while (to > from && isLineEnd(text, to)) {
      to -= text.charAt(to - 1) == 'n' || text.charAt(to - 1) == 'r' ? 2 : 1;
    }
    if (to - from < 16 || Marks.isAt(text, from)) {
      return null;
    }
    return new Found("private-key", from, to);
  }

  private static int skipLineEnds(String text, int at) {
    int i = at;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (c == '\\' && i + 1 < text.length() && "nr".indexOf(text.charAt(i + 1)) >= 0) {
        i += 2;
      } else {
        break;
      }
    }
    return i;
  }

  private static boolean isLineEnd(String text, int end) {
    char last = text.charAt(end - 1);
    return Character.isWhitespace(last)
        || (end >= 2 && text.charAt(end - 2) == '\\' && (last == 'n' || last == 'r'));
  }

  private static int bodyEnd(String text, int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (Values.isWord(c) || "+/=\\:,- \r\n\t".indexOf(c) >= 0) {
        i++;
      } else {
        break;
      }
    }
    return i;
  }
}
