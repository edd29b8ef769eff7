package dev.ucode.redact;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The password in an address, {@code scheme://user:password@host}, or a token in a user's place.
 */
final class UrlRule implements Rule {
  private static final int MAX_AUTHORITY = 1024;
  private static final int TOKEN = 16;

  /** A scheme ends in a letter or a digit; with it the three signs make an anchor of four. */
  @Override
  public List<String> anchors() {
    List<String> anchors = new ArrayList<>();
    for (char c = 'a'; c <= 'z'; c++) {
      anchors.add(c + "://");
    }
    for (char c = '0'; c <= '9'; c++) {
      anchors.add(c + "://");
    }
    return anchors;
  }

  @Override
  public @Nullable Found find(String text, int at) {
    int start = at + 4;
    int limit = Math.min(text.length(), start + MAX_AUTHORITY);
    int sign = -1;
    int i = start;
    while (i < limit && !endsAuthority(text.charAt(i))) {
      if (text.charAt(i) == '@') {
        sign = i;
      }
      i++;
    }
    if (sign < 0 || sign + 1 >= text.length()) {
      return null;
    }
    int colon = text.indexOf(':', start);
    boolean password = colon >= 0 && colon < sign;
    int from = password ? colon + 1 : start;
    if (from >= sign || Marks.isAt(text, start) || Values.isReference(text, from, sign)) {
      return null;
    }
    if (!password && (sign - from < TOKEN || !Values.isRandom(text, from, sign))) {
      return null;
    }
    return new Found("secret", from, sign);
  }

  private static boolean endsAuthority(char c) {
    return c == '/' || c == '?' || c == '#' || "\"'<>`\\,".indexOf(c) >= 0 || c <= ' ';
  }
}
