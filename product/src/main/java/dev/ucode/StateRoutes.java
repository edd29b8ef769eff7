package dev.ucode;

import dev.ucode.drain.Routes;
import dev.ucode.http.Http;
import dev.ucode.sink.TraceSink;
import dev.ucode.sink.uc.UcSink;
import dev.ucode.state.StateFile;
import dev.ucode.workspace.Tokens;
import dev.ucode.workspace.TraceDestination;
import org.jspecify.annotations.Nullable;

/** Destinations as the state remembers them; looked up each time, for it may change meanwhile. */
final class StateRoutes implements Routes {
  private final StateFile states;
  private final Http http;
  private final Tokens tokens;
  private final String version;

  StateRoutes(StateFile states, Http http, Tokens tokens, String version) {
    this.states = states;
    this.http = http;
    this.tokens = tokens;
    this.version = version;
  }

  @Override
  public @Nullable Stamp stamp(String destination) {
    TraceDestination found = states.read().destination(destination);
    return found == null ? null : new Stamp(found.user());
  }

  @Override
  public @Nullable TraceSink sink(String destination) {
    TraceDestination found = states.read().destination(destination);
    return found == null ? null : new UcSink(found, http, tokens, version);
  }
}
