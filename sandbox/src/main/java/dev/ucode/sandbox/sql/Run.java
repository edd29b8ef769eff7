package dev.ucode.sandbox.sql;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One submitted statement on its way from PENDING to an end. Safe to use from many threads. */
final class Run {
  /** Where it stands, in the platform's words. */
  enum State {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELED,
    CLOSED;

    boolean isEnd() {
      return this != PENDING && this != RUNNING;
    }
  }

  /**
   * What a statement brought.
   *
   * @param columns names and types, in order
   * @param rows values as the wire has them: text or null
   * @param truncated whether a row limit left rows out
   */
  record Result(
      List<KnownStatement.Column> columns, List<List<@Nullable String>> rows, boolean truncated) {}

  /** A consistent view of the run at one moment. */
  record Snapshot(State state, @Nullable Result result, @Nullable SqlFailure failure) {}

  private final String id;
  private final String userId;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private State state = State.PENDING;
  private @Nullable Result result;
  private @Nullable SqlFailure failure;
  private @Nullable Runnable interrupt;
  private @Nullable Instant ended;

  Run(String id, String userId) {
    this.id = id;
    this.userId = userId;
  }

  String id() {
    return id;
  }

  /** Whose statement it is; nobody else sees it. */
  String userId() {
    return userId;
  }

  Snapshot snapshot() {
    lock.lock();
    try {
      return new Snapshot(state, result, failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The warehouse took it up.
   *
   * @param stop stops the work when the statement is cancelled
   * @return false where it was cancelled before
   */
  boolean running(Runnable stop) {
    lock.lock();
    try {
      if (state != State.PENDING) {
        return false;
      }
      state = State.RUNNING;
      interrupt = stop;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  void succeeded(Result rows, Instant now) {
    end(State.SUCCEEDED, rows, null, now);
  }

  void failed(SqlFailure why, Instant now) {
    end(State.FAILED, null, why, now);
  }

  /** Cancels it; one that has ended stays as it is. */
  void cancel(Instant now) {
    Runnable stop;
    lock.lock();
    try {
      stop = interrupt;
    } finally {
      lock.unlock();
    }
    end(State.CANCELED, null, null, now);
    if (stop != null) {
      stop.run();
    }
  }

  /** Drops the result of a statement that ended before this moment. */
  void closeIfEndedBefore(Instant moment) {
    lock.lock();
    try {
      if (state == State.SUCCEEDED && ended != null && ended.isBefore(moment)) {
        state = State.CLOSED;
        result = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether it had ended by this moment. */
  boolean endedBefore(Instant moment) {
    lock.lock();
    try {
      return ended != null && ended.isBefore(moment);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it has ended or the time is over. */
  Snapshot await(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (!state.isEnd() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return new Snapshot(state, result, failure);
    } finally {
      lock.unlock();
    }
  }

  /** Waits a moment, or less where the state changes. Returns whether it is still pending. */
  boolean pendingAfter(Duration moment) throws InterruptedException {
    long left = moment.toNanos();
    lock.lock();
    try {
      while (state == State.PENDING && left > 0) {
        left = changed.awaitNanos(left);
      }
      return state == State.PENDING;
    } finally {
      lock.unlock();
    }
  }

  private void end(State how, @Nullable Result rows, @Nullable SqlFailure why, Instant now) {
    lock.lock();
    try {
      if (!state.isEnd()) {
        state = how;
        result = rows;
        failure = why;
        ended = now;
        interrupt = null;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
