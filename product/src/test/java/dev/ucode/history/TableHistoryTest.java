package dev.ucode.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.problem.UserException;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Timing;
import dev.ucode.trace.TokenUsage;
import dev.ucode.workspace.SqlRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TableHistoryTest {
  private static final String TRACE = "0123456789abcdef0123456789abcdef";

  /** Answers are given once each, in order; all must be asked for. */
  private final Deque<SqlRows> answers = new ArrayDeque<>();

  private final TableHistory history =
      new TableHistory((statement, parameters) -> answers.remove(), "main.traces.ucode_otel_spans");

  @AfterEach
  void everythingWasAskedFor() {
    assertThat(answers).isEmpty();
  }

  @Test
  void whatIsSentIsInTheCheckedInListOfStatements() throws IOException {
    String list =
        squeezed(
            Files.readString(
                Path.of("../sandbox/src/main/resources/dev/ucode/sandbox/sql/statements.sql")));
    String table = "main.traces.ucode_otel_spans";
    assertThat(list).contains(squeezed(TableHistory.latestStatement(table, 20)));
    assertThat(list).contains(squeezed(TableHistory.spansStatement(table)));
  }

  @Test
  void rowsBecomeATree() {
    answers.add(
        rows(
            "span_id parent_span_id name start_time_unix_nano end_time_unix_nano status_code"
                + " span_type model input_tokens output_tokens cache_read_tokens usage_quality"
                + " timing outcome session_id inputs status_message",
            row(
                "a000000000000001",
                null,
                "claude_code_conversation",
                "1000000000",
                "5000000000",
                "STATUS_CODE_OK",
                "AGENT",
                null,
                null,
                null,
                null,
                null,
                "measured",
                "interrupted",
                "s1",
                "{\"prompt\":\"do it\"}",
                null),
            row(
                "a000000000000002",
                "a000000000000001",
                "llm",
                "1000000000",
                "2000000000",
                "STATUS_CODE_OK",
                "LLM",
                "opus",
                "10",
                "5",
                "7",
                "placeholder",
                "derived",
                null,
                null,
                "{\"messages\":[",
                null),
            row(
                "a000000000000003",
                "a000000000000001",
                "tool_Bash",
                "2000000000",
                "3000000000",
                "STATUS_CODE_ERROR",
                "TOOL",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "{\"timeout\":1,\"command\":\"ls \\\"x\\\"\",\"more\":\"cut of",
                "no such file")));
    TurnTree tree = history.show(TRACE);
    assertThat(tree.prompt()).isEqualTo("do it");
    assertThat(tree.agent()).isEqualTo("claude");
    assertThat(tree.session()).isEqualTo("s1");
    Node root = tree.roots().getFirst();
    assertThat(root.outcome()).isEqualTo(new Outcome.Interrupted());
    assertThat(root.children()).hasSize(2);
    assertThat(root.children().getFirst().usage())
        .isEqualTo(new TokenUsage(TokenUsage.Quality.PLACEHOLDER, 10, 5, 7, 0));
    assertThat(root.children().getFirst().timing()).isEqualTo(Timing.DERIVED);
    assertThat(root.children().getLast().label()).isEqualTo("ls \"x\"");
    assertThat(root.children().getLast().outcome())
        .isEqualTo(new Outcome.Failed("error", "no such file"));
  }

  @Test
  void theLatestIsAskedForFirst() {
    answers.add(latest());
    answers.add(rows("span_id name", row("a000000000000001", "x")));
    assertThat(history.show("latest").id().hex()).isEqualTo(TRACE);
  }

  @Test
  void theBeginningOfAnIdWillDoWhereItIsTheOnlyOne() {
    answers.add(latest());
    answers.add(rows("span_id name", row("a000000000000001", "x")));
    assertThat(history.show("tr-0123").id().hex()).isEqualTo(TRACE);
    answers.add(latest());
    assertThatThrownBy(() -> history.show("ffff"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no trace 'ffff'");
  }

  @Test
  void aTraceThatIsNotThereSaysSo() {
    answers.add(rows("span_id name"));
    assertThatThrownBy(() -> history.show(TRACE)).isInstanceOf(UserException.class);
  }

  @Test
  void rowsOfOtherWritersArePassedOver() {
    answers.add(rows("trace_id name spans", row("tr-xyz", "n", "1"), row(TRACE, "n", "3")));
    assertThat(history.latest(5)).singleElement().extracting(TurnLine::spans).isEqualTo(3);
  }

  @Test
  void anIdIsRecognisedInEveryFormOrRefused() {
    assertThat(Wanted.digits("trace:/main.traces.ucode/" + TRACE)).isEqualTo(TRACE);
    assertThat(Wanted.digits("  TR-0123ABCD ")).isEqualTo("0123abcd");
    assertThatThrownBy(() -> Wanted.digits("xyz")).isInstanceOf(UserException.class);
    assertThatThrownBy(() -> Wanted.digits("abc")).isInstanceOf(UserException.class);
  }

  private static SqlRows latest() {
    return rows(
        "trace_id name session_id start_time_unix_nano duration_ms status_code spans errors",
        row(
            TRACE,
            "claude_code_conversation",
            "s1",
            "1000000000",
            "12",
            "STATUS_CODE_OK",
            "3",
            "1"));
  }

  private static List<@Nullable String> row(@Nullable String... cells) {
    return Arrays.asList(cells);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // read, never kept
  private static SqlRows rows(String columns, List<@Nullable String>... rows) {
    return new SqlRows(List.of(columns.split(" ", -1)), List.of(rows));
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
