package dev.ucode.history;

import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.store.Parcel;
import dev.ucode.store.TraceLine;
import dev.ucode.store.Views;
import dev.ucode.trace.Trace;
import dev.ucode.trace.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns in the local store. */
public final class LocalHistory implements History {
  private static final int CANDIDATES = 5;

  private final Views views;

  public LocalHistory(Views views) {
    this.views = views;
  }

  @Override
  public List<TurnLine> latest(int most) {
    List<TurnLine> lines = new ArrayList<>();
    for (TraceLine line : views.traces(new Views.TraceQuery(null, null, most))) {
      lines.add(line(line));
    }
    return lines;
  }

  @Override
  public TurnTree show(String id) {
    TraceId wanted;
    if (id.equals(Wanted.LATEST)) {
      List<TurnLine> newest = latest(1);
      if (newest.isEmpty()) {
        throw Wanted.none(id);
      }
      wanted = newest.getFirst().id();
    } else {
      wanted = Wanted.one(id, views.idsStartingWith(Wanted.digits(id), CANDIDATES));
    }
    Trace trace = views.trace(wanted);
    if (trace == null) {
      throw new UserException(
          Problem.failure(
              "the content of trace " + wanted + " is not kept on this machine",
              null,
              "read it from the table: ucode traces show --uc " + wanted));
    }
    return TurnTree.of(trace);
  }

  private static TurnLine line(TraceLine line) {
    return new TurnLine(
        line.id(),
        line.agent().value(),
        line.session().value(),
        line.prompt(),
        line.start(),
        Duration.between(line.start(), line.end()),
        line.usage(),
        line.spans(),
        0,
        line.state() == Trace.State.OK ? TurnLine.Outcome.OK : TurnLine.Outcome.FAILED,
        delivery(line.delivery()));
  }

  private static TurnLine.Delivery delivery(Parcel.@Nullable State state) {
    if (state == null) {
      return TurnLine.Delivery.LOCAL;
    }
    return switch (state) {
      case WAITING -> TurnLine.Delivery.WAITING;
      case DELIVERED -> TurnLine.Delivery.DELIVERED;
      case QUARANTINED -> TurnLine.Delivery.REFUSED;
    };
  }
}
