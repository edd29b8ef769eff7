package dev.ucode.sandbox.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.sandbox.Asked;
import dev.ucode.sandbox.otel.Export;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String NAMES = "SELECT name FROM \"" + Export.TABLE + "\" ORDER BY rowid";
  private static final String ME = "/api/2.0/preview/scim/v2/Me";
  @TempDir Path folder;
  private Asked asked;

  @BeforeEach
  void start() throws Exception {
    asked = Asked.start(folder);
  }

  @AfterEach
  void stop() throws Exception {
    asked.close();
  }

  @ParameterizedTest
  @CsvSource({
    "status, 500, INTERNAL_ERROR",
    "rate-limit, 429, REQUEST_LIMIT_EXCEEDED",
    "expired-token, 401, UNAUTHENTICATED",
    "invalid-token, 400, BAD_REQUEST",
    "forbidden, 403, PERMISSION_DENIED"
  })
  void refusalsAnswerAndCommitNothing(String kind, int status, String code) throws Exception {
    fault("{\"kind\":\"" + kind + "\",\"path\":\"/api/2.0/otel/*\",\"times\":1,\"delay_ms\":2500}");
    var answer = send("first").expect(status);
    assertThat(answer.error()).isEqualTo(code);
    assertThat(answer.raw().headers().firstValue("Retry-After"))
        .isEqualTo(status == 429 ? Optional.of("3") : Optional.empty());
    send("second").expect(200);
    assertThat(asked.column(NAMES)).containsExactly("second");
  }

  @Test
  void theStatusAndItsBodyCanBeChosen() throws Exception {
    fault(
        "{\"kind\":\"status\",\"path\":\"*\",\"status\":503,\"error_code\":\"X\",\"message\":\"m\"}");
    var answer = asked.get(ME).expect(503);
    assertThat(answer.json()).hasToString("{\"error_code\":\"X\",\"message\":\"m\"}");
  }

  @Test
  void cutBeforeAndAfterTheCommitLookTheSameToTheCaller() throws Exception {
    fault("{\"kind\":\"cut-before-commit\",\"path\":\"/api/2.0/otel/*\",\"times\":1}");
    assertThatThrownBy(() -> send("before")).isInstanceOf(IOException.class);
    asked.admin("DELETE", "/sandbox/faults", null).expect(200);
    fault("{\"kind\":\"cut-after-commit\",\"path\":\"/api/2.0/otel/*\",\"times\":1}");
    assertThatThrownBy(() -> send("after")).isInstanceOf(IOException.class);
    assertThat(asked.column(NAMES)).containsExactly("after");
  }

  @Test
  void halfAnAnswerIsAnErrorAfterTheCommit() throws Exception {
    fault("{\"kind\":\"half-response\",\"path\":\"/api/2.0/otel/*\",\"times\":1}");
    assertThatThrownBy(() -> send("half")).isInstanceOf(IOException.class);
    assertThat(asked.column(NAMES)).containsExactly("half");
  }

  @Test
  void aLateCommitComesAfterTheAnswer() throws Exception {
    fault(
        "{\"kind\":\"late-commit\",\"path\":\"/api/2.0/otel/*\",\"times\":1,\"status\":504,"
            + "\"delay_ms\":400}");
    send("late").expect(504);
    assertThat(asked.column(NAMES)).isEmpty();
    assertThat(asked.columnUntil(NAMES, found -> !found.isEmpty())).containsExactly("late");
  }

  @Test
  void aLateCommitCanCutTheConnection() throws Exception {
    fault("{\"kind\":\"late-commit\",\"path\":\"/api/2.0/otel/*\",\"times\":1,\"delay_ms\":400}");
    assertThatThrownBy(() -> send("late")).isInstanceOf(IOException.class);
    assertThat(asked.columnUntil(NAMES, found -> !found.isEmpty())).containsExactly("late");
  }

  @Test
  void rowsCanShowUpLateAndInOrder() throws Exception {
    fault(
        "{\"kind\":\"late-visibility\",\"path\":\"/api/2.0/otel/*\",\"times\":2,\"delay_ms\":400}");
    send("one").expect(200);
    send("two").expect(200);
    assertThat(asked.column(NAMES)).isEmpty();
    assertThat(asked.columnUntil(NAMES, found -> found.size() == 2)).containsExactly("one", "two");
  }

  @Test
  void heldBackRowsSurviveARestart() throws Exception {
    fault("{\"kind\":\"late-visibility\",\"path\":\"/api/2.0/otel/*\",\"delay_ms\":1500}");
    send("held").expect(200);
    asked.close();
    asked = Asked.start(folder);
    assertThat(asked.columnUntil(NAMES, found -> !found.isEmpty())).containsExactly("held");
  }

  @Test
  void partialSuccessKeepsTheFirstRows() throws Exception {
    fault("{\"kind\":\"partial-success\",\"path\":\"/api/2.0/otel/*\",\"times\":1,\"rows\":2}");
    var answer =
        Export.send(
                asked,
                Export.span(TRACE, "0000000000000001", "", "a"),
                Export.span(TRACE, "0000000000000002", "0000000000000001", "b"),
                Export.span(TRACE, "0000000000000003", "0000000000000001", "c"))
            .expect(200);
    assertThat(answer.json().path("partialSuccess").path("rejectedSpans").asText()).isEqualTo("2");
    assertThat(asked.column(NAMES)).containsExactly("a");
  }

  @Test
  void afterAndTimesPickTheRequests() throws Exception {
    fault("{\"kind\":\"status\",\"path\":\"" + ME + "\",\"after\":1,\"times\":2}");
    assertThat(List.of(me(), me(), me(), me())).containsExactly(200, 500, 500, 200);
    var listed = asked.admin("GET", "/sandbox/faults", null).expect(200).json().path("faults");
    assertThat(listed.get(0).path("hits").asInt()).isEqualTo(2);
    assertThat(listed.get(0).path("seen").asInt()).isEqualTo(3);
  }

  @Test
  void theSameSeedHitsTheSameRequests() throws Exception {
    String wish =
        "{\"kind\":\"status\",\"path\":\"*\",\"method\":\"get\",\"probability\":0.5,\"seed\":7}";
    fault(wish);
    List<Integer> first = List.of(me(), me(), me(), me(), me(), me(), me(), me());
    asked.admin("DELETE", "/sandbox/faults/1", null).expect(200);
    fault(wish);
    assertThat(List.of(me(), me(), me(), me(), me(), me(), me(), me())).isEqualTo(first);
    assertThat(first).contains(200, 500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kind\":\"nothing\"}",
        "{\"kind\":\"status\",\"status\":99}",
        "{\"kind\":\"status\",\"times\":-1}",
        "{\"kind\":\"status\",\"probability\":2}",
        "{\"kind\":\"status\",\"pth\":\"*\"}"
      })
  void wishesThatMakeNoSenseAreRefused(String wish) throws Exception {
    asked.admin("POST", "/sandbox/faults", wish).expect(400);
    assertThat(asked.admin("GET", "/sandbox/faults", null).json().path("faults")).isEmpty();
  }

  private int me() throws Exception {
    return asked.get(ME).status();
  }

  private void fault(String wish) throws Exception {
    asked.admin("POST", "/sandbox/faults", wish).expect(200);
  }

  private Asked.Answer send(String name) throws Exception {
    return Export.send(asked, Export.span(TRACE, "b7ad6b7169203331", "", name));
  }
}
