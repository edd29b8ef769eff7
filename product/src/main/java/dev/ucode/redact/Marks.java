package dev.ucode.redact;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands where a secret was: {@code [REDACTED:github-token:5c2f01d9ab]}. The same secret has
 * the same mark everywhere on one machine, so that a reader can still see that two calls used one
 * token; without the key, which never leaves the machine, a guess cannot be checked against it.
 */
final class Marks {
  private static final String START = "[REDACTED:";
  private static final int BYTES = 5;
  private static final int LONGEST = 64;

  private final SecretKeySpec key;

  Marks(byte[] key) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  String of(String kind, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] digest = mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
      return START + kind + ":" + HexFormat.of().formatHex(digest, 0, BYTES) + "]";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Whether that place lies within a mark: nothing in one is a secret again. */
  static boolean covers(String text, int at) {
    int start = text.lastIndexOf(START, at);
    return start >= 0
        && at - start < LONGEST
        && isAt(text, start)
        && text.indexOf(']', start) >= at;
  }

  /** Whether a mark, exactly as {@link #of} writes them, starts at that place. */
  static boolean isAt(String text, int at) {
    if (!text.startsWith(START, at)) {
      return false;
    }
    int i = at + START.length();
    int kind = i;
    while (i < text.length() && (isLower(text.charAt(i)) || text.charAt(i) == '-')) {
      i++;
    }
    int end = i + 1 + 2 * BYTES;
    if (i == kind || end >= text.length() || text.charAt(i) != ':' || text.charAt(end) != ']') {
      return false;
    }
    for (int j = i + 1; j < end; j++) {
      char c = text.charAt(j);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }
}
