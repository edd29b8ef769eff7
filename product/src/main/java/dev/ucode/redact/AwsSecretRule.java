package dev.ucode.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The 40 characters of an AWS secret key, which have no look of their own, close to a key id. */
final class AwsSecretRule implements Rule {
  private static final int LENGTH = 40;
  private static final int NEAR = 200;
  private static final int ID = 20;

  @Override
  public List<String> anchors() {
    return List.of("akia", "asia");
  }

  @Override
  public @Nullable Found find(String text, int at) {
    if (at + ID > text.length()) {
      return null;
    }
    for (int i = at; i < at + ID; i++) {
      char c = text.charAt(i);
      if (!(c >= 'A' && c <= 'Z') && !Values.isDigit(c)) {
        return null;
      }
    }
    int limit = Math.min(text.length(), at + NEAR);
    int i = at + ID;
    while (i < limit) {
      int start = i;
      while (i < text.length() && isBase64(text.charAt(i))) {
        i++;
      }
      if (i - start == LENGTH && Values.hasDigit(text, start, i) && hasBothCases(text, start, i)) {
        return new Found("aws-secret-key", start, i);
      }
      i++;
    }
    return null;
  }

  private static boolean isBase64(char c) {
    return (Values.isWord(c) && c != '_') || c == '/' || c == '+';
  }

  private static boolean hasBothCases(String text, int from, int to) {
    boolean upper = false;
    boolean lower = false;
    for (int i = from; i < to; i++) {
      upper |= text.charAt(i) >= 'A' && text.charAt(i) <= 'Z';
      lower |= text.charAt(i) >= 'a' && text.charAt(i) <= 'z';
    }
    return upper && lower;
  }
}
