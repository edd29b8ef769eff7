package dev.ucode.redact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Searches a text for many short strings at once, skipping most characters (Wu and Manber's method
 * over pairs of characters). It is what makes masking cheap: a rule looks at a text only where one
 * of its anchors is.
 */
final class Anchors {
  /** Only the first four characters of an anchor take part in the skipping. */
  private static final int WINDOW = 4;

  private static final int PAIRS = 1 << 14;

  private record Anchor(String text, Rule rule) {}

  /** How far one may move on from a pair of characters without missing an anchor; 0 is a hit. */
  private final byte[] shift = new byte[PAIRS];

  private final Anchor[][] byLastPair = new Anchor[PAIRS][];

  Anchors(List<Rule> rules) {
    Arrays.fill(shift, (byte) (WINDOW - 1));
    List<List<Anchor>> lists = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      lists.add(List.of());
    }
    for (Rule rule : rules) {
      for (String anchor : rule.anchors()) {
        if (anchor.length() < WINDOW) {
          throw new IllegalArgumentException("anchor too short: " + anchor);
        }
        for (int end = 1; end < WINDOW; end++) {
          int pair = pair(anchor.charAt(end - 1), anchor.charAt(end));
          shift[pair] = (byte) Math.min(shift[pair], WINDOW - 1 - end);
          if (end == WINDOW - 1) {
            List<Anchor> longer = new ArrayList<>(lists.get(pair));
            longer.add(new Anchor(anchor, rule));
            lists.set(pair, longer);
          }
        }
      }
    }
    for (int i = 0; i < PAIRS; i++) {
      byLastPair[i] = lists.get(i).toArray(Anchor[]::new);
    }
  }

  /** Is told where an anchor is. */
  interface Visitor {
    void at(Rule rule, int position);
  }

  /** Visits every anchor, from the first character to the last. */
  void search(String text, Visitor visitor) {
    int length = text.length();
    int i = WINDOW - 1;
    while (i < length) {
      int pair = pair(text.charAt(i - 1), text.charAt(i));
      int step = shift[pair];
      if (step > 0) {
        i += step;
        continue;
      }
      int start = i - (WINDOW - 1);
      for (Anchor anchor : byLastPair[pair]) {
        if (startsWith(text, start, anchor.text())) {
          visitor.at(anchor.rule(), start);
        }
      }
      i++;
    }
  }

  private static boolean startsWith(String text, int start, String anchor) {
    if (start + anchor.length() > text.length()) {
      return false;
    }
    for (int i = 0; i < anchor.length(); i++) {
      char c = text.charAt(start + i);
      char a = anchor.charAt(i);
      if (c != a && (c < 'A' || c > 'Z' || (c | 0x20) != a)) {
        return false;
      }
    }
    return true;
  }

  /** Both cases of a letter fall together, and so may others: a hit is looked at again. */
  private static int pair(char a, char b) {
    return ((a | 0x20) & 127) << 7 | ((b | 0x20) & 127);
  }
}
