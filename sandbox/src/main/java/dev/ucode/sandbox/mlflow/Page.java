package dev.ucode.sandbox.mlflow;

import dev.ucode.sandbox.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a result.
 *
 * @param nextToken null on the last page
 */
record Page<T>(List<T> items, @Nullable String nextToken) {
  Page {
    items = List.copyOf(items);
  }

  /**
   * Cuts a page out of a whole result.
   *
   * @param token as an earlier page gave it, or null or empty for the first
   * @throws ApiException 400 where the token is not one of ours
   */
  static <T> Page<T> of(List<T> all, int size, @Nullable String token) {
    int from = token == null || token.isEmpty() ? 0 : offset(token);
    int start = Math.min(from, all.size());
    int end = Math.min(start + size, all.size());
    return new Page<>(all.subList(start, end), end < all.size() ? token(end) : null);
  }

  private static String token(int offset) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("offset:" + offset).getBytes(StandardCharsets.UTF_8));
  }

  private static int offset(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith("offset:")) {
        return Integer.parseInt(text.substring("offset:".length()));
      }
    } catch (IllegalArgumentException notOurs) {
      // Falls through to the one refusal below.
    }
    throw ApiException.invalid("Invalid page token: " + token);
  }
}
