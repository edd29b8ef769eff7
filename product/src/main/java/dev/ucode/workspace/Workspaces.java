package dev.ucode.workspace;

import dev.ucode.name.WorkspaceUrl;

/** Opens workspaces. Opening asks nothing of them. */
public interface Workspaces {
  Workspace open(WorkspaceUrl url, SignIn signIn, Tokens tokens);
}
