package dev.ucode.redact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Replaces the secrets of a text by their marks. Masking what is masked changes nothing. */
final class Masker {
  private static final Anchors ANCHORS = new Anchors(Rules.all());

  /** A mark may free what a longer word hid; more than this many rounds never were needed. */
  private static final int ROUNDS = 4;

  private final Marks marks;

  Masker(byte[] key) {
    this.marks = new Marks(key);
  }

  /**
   * The text without its secrets: the same object where there are none.
   *
   * @param masked is told the kind of each secret found
   */
  String mask(String text, Map<String, Integer> masked) {
    String before = text;
    for (int round = 0; round < ROUNDS; round++) {
      List<Found> found = new ArrayList<>(0);
      String searched = before;
      ANCHORS.search(
          searched,
          (rule, at) -> {
            Found secret = rule.find(searched, at);
            if (secret != null && !Marks.covers(searched, at)) {
              found.add(secret);
            }
          });
      if (found.isEmpty()) {
        return before;
      }
      before = replace(before, found, masked);
    }
    return before;
  }

  /** A whole text that is a secret because of where it stands. */
  String mark(String secret, Map<String, Integer> masked) {
    masked.merge("secret", 1, Integer::sum);
    return marks.of("secret", secret);
  }

  private String replace(String text, List<Found> found, Map<String, Integer> masked) {
    found.sort(Comparator.comparingInt(Found::from).thenComparingInt(f -> -f.to()));
    List<Found> merged = new ArrayList<>();
    for (Found next : found) {
      Found last = merged.isEmpty() ? null : merged.getLast();
      if (last == null || next.from() >= last.to()) {
        merged.add(next);
      } else {
        merged.set(merged.size() - 1, union(last, next));
      }
    }
    StringBuilder out = new StringBuilder(text.length());
    int done = 0;
    for (Found secret : merged) {
      out.append(text, done, secret.from());
      out.append(marks.of(secret.kind(), text.substring(secret.from(), secret.to())));
      masked.merge(secret.kind(), 1, Integer::sum);
      done = secret.to();
    }
    return out.append(text, done, text.length()).toString();
  }

  /** Two rules that see one secret: the one that knows what it is names it, the longer one wins. */
  private static Found union(Found first, Found second) {
    boolean same = first.from() == second.from() && first.to() == second.to();
    if (same) {
      return first.kind().equals("secret") ? second : first;
    }
    int to = Math.max(first.to(), second.to());
    return new Found(to == first.to() ? first.kind() : "secret", first.from(), to);
  }
}
