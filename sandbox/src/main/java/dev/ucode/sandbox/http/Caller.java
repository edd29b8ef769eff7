package dev.ucode.sandbox.http;

import java.util.Set;

/**
 * Who calls.
 *
 * @param userName as SCIM has it: an e-mail address, or a service principal's application id
 * @param denied what this user may not do; everything else is allowed
 */
public record Caller(String id, String userName, Set<Permission> denied) {
  public Caller {
    denied = Set.copyOf(denied);
  }

  /** Whether this user may. */
  public boolean may(Permission permission) {
    return !denied.contains(permission);
  }

  /**
   * Goes on only if this user may.
   *
   * @param otherwise the message of the refusal
   * @throws ApiException 403 {@code PERMISSION_DENIED}
   */
  public void require(Permission permission, String otherwise) {
    if (!may(permission)) {
      throw ApiException.denied(otherwise);
    }
  }
}
