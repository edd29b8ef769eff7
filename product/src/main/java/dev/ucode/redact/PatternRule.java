package dev.ucode.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secret that a regular expression describes, in linear time whatever the text (RE2).
 *
 * @param kind the word in the mark
 * @param back how many characters before its anchor the expression starts
 * @param pattern matches from there; its first group, if it has one, is the secret
 * @param reach how many characters the expression may look at
 * @param judge has the last word on what the expression took
 */
record PatternRule(
    String kind, List<String> anchors, int back, Pattern pattern, int reach, Judge judge)
    implements Rule {
  private static final int REACH = 512;

  /** Says whether a piece of a text is a secret. */
  interface Judge {
    boolean accepts(String text, int from, int to);
  }

  /** A token that its own look gives away, not a piece of a longer word. */
  static PatternRule token(String kind, List<String> anchors, String expression) {
    return new PatternRule(
        kind, anchors, 0, Pattern.compile(expression), REACH, PatternRule::isWholeWord);
  }

  /** A secret that what stands before it gives away. */
  static PatternRule context(String kind, List<String> anchors, String expression, Judge judge) {
    return new PatternRule(
        kind,
        anchors,
        0,
        Pattern.compile(expression),
        REACH,
        (text, from, to) -> !Values.isReference(text, from, to) && judge.accepts(text, from, to));
  }

  /** The expression starts that many characters before the anchor. */
  PatternRule back(int characters) {
    return new PatternRule(kind, anchors, characters, pattern, reach, judge);
  }

  /** The expression may look at that many characters. */
  PatternRule reach(int characters) {
    return new PatternRule(kind, anchors, back, pattern, characters, judge);
  }

  @Override
  public @Nullable Found find(String text, int at) {
    int start = at - back;
    if (start < 0) {
      return null;
    }
    int limit = Math.min(text.length(), start + reach);
    Matcher matcher = pattern.matcher(text.substring(start, limit));
    if (!matcher.lookingAt()) {
      return null;
    }
    int group = matcher.groupCount() > 0 ? 1 : 0;
    int from = start + matcher.start(group);
    int to = start + matcher.end(group);
    return from < to && judge.accepts(text, from, to) ? new Found(kind, from, to) : null;
  }

  private static boolean isWholeWord(String text, int from, int to) {
    return Values.startsWord(text, from)
        && (to == text.length() || !Values.isWord(text.charAt(to)));
  }
}
