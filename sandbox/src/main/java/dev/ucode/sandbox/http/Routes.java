package dev.ucode.sandbox.http;

/** A room's part of the API. */
@FunctionalInterface
public interface Routes {
  /** Adds this room's routes. */
  void register(Router router);
}
