package dev.ucode.name;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Databricks workspace's address: scheme, host and port, no path, no trailing slash. {@code
 * http://} is taken for loopback hosts alone, since a token travels with every request.
 */
public record WorkspaceUrl(String value) {
  /**
   * Reads what a person typed or a profile holds: a bare host is https, a path, query ({@code
   * ?o=…}) or trailing slash is dropped. Null where it is not an address we may send a token to;
   * {@link #refusal} says why.
   */
  public static @Nullable WorkspaceUrl parse(String text) {
    return refusal(text) != null ? null : new WorkspaceUrl(normal(uri(text)));
  }

  /** Why {@link #parse} refuses the text; null where it does not. */
  public static @Nullable String refusal(String text) {
    URI uri;
    try {
      uri = uri(text);
    } catch (IllegalArgumentException e) {
      return "'" + text + "' is not a URL";
    }
    if (uri.getHost() == null) {
      return "'" + text + "' has no host name";
    }
    if (uri.getUserInfo() != null) {
      return "a workspace URL must not hold a user name or password";
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (scheme.equals("http") && !isLoopback(uri.getHost())) {
      return "http:// would send the token in clear; use https://" + uri.getHost();
    }
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return "'" + scheme + "' is not https";
    }
    return null;
  }

  /** Host name without port. */
  public String host() {
    String host = URI.create(value).getHost();
    return host == null ? value : host;
  }

  /** Whether the workspace is on this machine (the sandbox). */
  public boolean isLoopback() {
    return isLoopback(host());
  }

  /** The absolute address of a path that starts with a slash. */
  public URI resolve(String path) {
    return URI.create(value + path);
  }

  @Override
  public String toString() {
    return value;
  }

  private static URI uri(String text) {
    String trimmed = text.strip();
    return URI.create(trimmed.contains("://") ? trimmed : "https://" + trimmed);
  }

  private static String normal(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme().toLowerCase(Locale.ROOT)
        + "://"
        + uri.getHost().toLowerCase(Locale.ROOT)
        + port;
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }
}
