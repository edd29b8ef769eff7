package dev.ucode.sandbox.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The routes of all rooms. */
public final class Router {
  private final List<Route> routes = new ArrayList<>();

  /** A route and the parameters its pattern took from the path. */
  record Match(Route route, Map<String, String> parameters) {}

  /** GET for a user with a valid token. */
  public void get(String pattern, Handler handler) {
    add("GET", pattern, Access.USER, handler);
  }

  /** POST for a user with a valid token. */
  public void post(String pattern, Handler handler) {
    add("POST", pattern, Access.USER, handler);
  }

  /** PATCH for a user with a valid token. */
  public void patch(String pattern, Handler handler) {
    add("PATCH", pattern, Access.USER, handler);
  }

  /** DELETE for a user with a valid token. */
  public void delete(String pattern, Handler handler) {
    add("DELETE", pattern, Access.USER, handler);
  }

  /**
   * Adds a route; see {@link Route} for patterns.
   *
   * @throws IllegalStateException where the same method and pattern is taken
   */
  public void add(String method, String pattern, Access access, Handler handler) {
    for (Route route : routes) {
      if (route.method().equals(method) && route.pattern().equals(pattern)) {
        throw new IllegalStateException("two routes for " + method + " " + pattern);
      }
    }
    routes.add(new Route(method, pattern, access, handler));
  }

  /**
   * The route for a raw path; of several, the one with the most literal segments.
   *
   * @throws ApiException 404 {@code ENDPOINT_NOT_FOUND} where no pattern fits, 405 where one fits
   *     with another method
   */
  Match match(String method, String rawPath) {
    Match best = null;
    boolean otherMethod = false;
    for (Route route : routes) {
      Map<String, String> parameters = route.match(rawPath);
      if (parameters == null) {
        continue;
      }
      if (!route.method().equals(method)) {
        otherMethod = true;
      } else if (best == null || route.literalSegments() > best.route().literalSegments()) {
        best = new Match(route, parameters);
      }
    }
    if (best != null) {
      return best;
    }
    if (otherMethod) {
      throw new ApiException(
          405, "METHOD_NOT_ALLOWED", "No API found for '" + method + " " + rawPath + "'");
    }
    throw new ApiException(
        404, "ENDPOINT_NOT_FOUND", "No API found for '" + method + " " + rawPath + "'");
  }
}
