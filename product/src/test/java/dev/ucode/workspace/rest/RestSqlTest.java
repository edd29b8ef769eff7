package dev.ucode.workspace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.http.Deadline;
import dev.ucode.http.FakeHttp;
import dev.ucode.json.JsonReader;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.SignIn;
import dev.ucode.workspace.SqlRows;
import dev.ucode.workspace.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestSqlTest {
  private static final String SQL = "https://a.test/api/2.0/sql/statements";
  private static final String RUNNING =
      "{\"statement_id\":\"s1\",\"status\":{\"state\":\"RUNNING\"}}";

  private final FakeHttp http = new FakeHttp();
  private final List<Duration> pauses = new ArrayList<>();
  private final RestSql sql =
      new RestSql(
          http,
          new WorkspaceUrl("https://a.test"),
          new SignIn.PatProfile("p"),
          new OneToken(),
          pauses::add);

  @AfterEach
  void everythingAnnouncedWasAsked() {
    assertThat(http.unused()).isEmpty();
  }

  @Test
  void asksWithParametersAndCollectsAllChunks() throws Exception {
    http.answer(
            "POST",
            SQL,
            200,
            "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":{\"schema\":"
                + "{\"columns\":[{\"name\":\"a\"},{\"name\":\"b\"}]}},\"result\":{\"data_array\":"
                + "[[\"1\",null]],\"next_chunk_internal_link\":\"/api/2.0/sql/statements/s1/x?c=1\"}}")
        .answer("GET", SQL + "/s1/x?c=1", 200, "{\"data_array\":[[\"2\",\"y\"]]}");
    SqlRows rows = sql.select("w1", "SELECT :p", Map.of("p", "v"), soon());
    assertThat(rows.columns()).containsExactly("a", "b");
    assertThat(rows.rows()).containsExactly(Arrays.asList("1", null), Arrays.asList("2", "y"));
    assertThat(JsonReader.parse(http.calls().getFirst().body()).items("parameters").getFirst())
        .isEqualTo(JsonReader.parse("{\"name\":\"p\",\"value\":\"v\",\"type\":\"STRING\"}"));
  }

  @Test
  void waitsForAWarehouseThatStarts() throws Exception {
    http.answer("POST", SQL, 200, RUNNING)
        .answer("GET", SQL + "/s1", 200, RUNNING)
        .answer("GET", SQL + "/s1", 200, "{\"status\":{\"state\":\"SUCCEEDED\"}}");
    assertThat(sql.select("w1", "SELECT 1", Map.of(), soon()).rows()).isEmpty();
    assertThat(pauses).hasSize(2);
  }

  @Test
  void givesUpAtTheDeadlineAndCancels() {
    http.answer("POST", SQL, 200, RUNNING).answer("POST", SQL + "/s1/cancel", 200, "{}");
    ApiFailure failure = refused(Deadline.in(Duration.ZERO));
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.UNAVAILABLE);
  }

  @Test
  void aFailedStatementSaysWhy() {
    http.answer(
        "POST",
        SQL,
        200,
        "{\"status\":{\"state\":\"FAILED\",\"error\":{\"error_code\":\"BAD_REQUEST\",\"message\":"
            + "\"[TABLE_OR_VIEW_NOT_FOUND] no table\"}}}");
    ApiFailure failure = refused(soon());
    assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.NOT_FOUND);
    assertThat(failure.detail()).contains("no table");
  }

  @Test
  void aLinkToElsewhereIsNotFollowed() throws Exception {
    http.answer(
        "POST",
        SQL,
        200,
        "{\"status\":{\"state\":\"SUCCEEDED\"},\"result\":{\"data_array\":[[\"1\"]],"
            + "\"next_chunk_internal_link\":\"https://evil.test/\"}}");
    assertThat(sql.select("w1", "SELECT 1", Map.of(), soon()).rows()).hasSize(1);
  }

  private ApiFailure refused(Deadline deadline) {
    return catchThrowableOfType(
        ApiFailure.class, () -> sql.select("w1", "SELECT 1", Map.of(), deadline));
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }

  private static final class OneToken implements Tokens {
    @Override
    public String get(WorkspaceUrl workspace, SignIn signIn, Deadline deadline) {
      return "token";
    }

    @Override
    public String replace(
        WorkspaceUrl workspace, SignIn signIn, String refused, Deadline deadline) {
      throw new AssertionError("the token was not refused");
    }
  }
}
