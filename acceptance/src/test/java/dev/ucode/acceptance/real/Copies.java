package dev.ucode.acceptance.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A real session of one turn, to be repeated under new ids and at other times. */
final class Copies {
  private static final Pattern UUIDS =
      Pattern.compile("\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b");
  private static final Pattern OTHER_IDS = Pattern.compile("\\b(msg|req|toolu)_[A-Za-z0-9_]+");
  private static final Pattern INSTANTS =
      Pattern.compile("\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final String text;
  private final String session;
  private final Instant start;

  /**
   * @param session the id of the session that the transcript is of
   */
  Copies(Path transcript, String session) {
    try {
      this.text = Files.readString(transcript);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.session = session;
    this.start =
        INSTANTS
            .matcher(text)
            .results()
            .map(found -> Instant.parse(found.group()))
            .min(Instant::compareTo)
            .orElseThrow();
  }

  /** The turn once more, as it would be had it begun now; the mark makes its ids its own. */
  String again(String newSession, String mark) {
    Duration shift = Duration.between(start, Instant.now());
    String renamed =
        UUIDS
            .matcher(text)
            .replaceAll(
                found ->
                    found.group().equals(session) ? newSession : named(newSession, mark, found));
    renamed =
        OTHER_IDS
            .matcher(renamed)
            .replaceAll(
                found -> found.group(1) + "_" + named(newSession, mark, found).replace("-", ""));
    return INSTANTS
        .matcher(renamed)
        .replaceAll(found -> MILLIS.format(Instant.parse(found.group()).plus(shift)));
  }

  private static String named(String session, String mark, MatchResult found) {
    String seed = session + "/" + mark + "/" + found.group();
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Adds the turn to a transcript. */
  void append(Path transcript, String newSession, String mark) {
    try {
      Files.writeString(
          transcript,
          again(newSession, mark),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
