package dev.ucode.workspace.rest;

import dev.ucode.http.Http;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.Tokens;
import dev.ucode.workspace.Workspace;
import dev.ucode.workspace.Workspaces;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Workspaces over their REST API. */
public final class RestWorkspaces implements Workspaces {
  private final Http http;
  private final Consumer<Duration> pause;

  public RestWorkspaces(Http http) {
    this(http, time -> LockSupport.parkNanos(time.toNanos()));
  }

  RestWorkspaces(Http http, Consumer<Duration> pause) {
    this.http = http;
    this.pause = pause;
  }

  @Override
  public Workspace open(WorkspaceUrl url, SignIn signIn, Tokens tokens) {
    return new RestWorkspace(url, new RestClient(http, url, signIn, tokens, pause));
  }
}
