package dev.ucode.sandbox.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The last calls, oldest first, in memory. */
public final class CallLog {
  private static final int KEPT = 20_000;
  private final Deque<CallRecord> calls = new ArrayDeque<>();

  /** Adds a call, dropping the oldest beyond the limit. */
  public synchronized void add(CallRecord call) {
    calls.addLast(call);
    if (calls.size() > KEPT) {
      calls.removeFirst();
    }
  }

  /** The calls that fit, oldest first. */
  public synchronized List<CallRecord> find(Predicate<CallRecord> wanted) {
    List<CallRecord> found = new ArrayList<>();
    for (CallRecord call : calls) {
      if (wanted.test(call)) {
        found.add(call);
      }
    }
    return found;
  }

  /** Forgets all. */
  public synchronized void clear() {
    calls.clear();
  }
}
