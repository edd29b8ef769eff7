package dev.ucode.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recognises one sort of secret near a fixed piece of text that always goes with it. */
interface Rule {
  /**
   * Lower-case pieces of text, each of four characters at least, one of which is in every text the
   * rule matches. They are searched for without regard to case.
   */
  List<String> anchors();

  /** The secret that goes with the anchor that starts at that place, if there is one. */
  @Nullable Found find(String text, int at);
}
