package dev.ucode.sandbox.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as the log keeps it: no body, no secrets.
 *
 * @param headers names in lower case, values of credentials masked
 * @param user who asked; null where nobody was authenticated
 * @param status what was answered; 0 where the connection was cut without an answer
 * @param mishap the simple name of what went wrong on request, or null
 * @param notes facts the handler kept, such as the model asked for
 */
public record CallRecord(
    Instant received,
    String method,
    String path,
    @Nullable String query,
    Map<String, List<String>> headers,
    @Nullable String user,
    int requestBytes,
    int status,
    Duration took,
    @Nullable String mishap,
    Map<String, String> notes) {}
