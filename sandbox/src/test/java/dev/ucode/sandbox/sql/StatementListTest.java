package dev.ucode.sandbox.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.sandbox.sql.StatementList.Recognised;
import dev.ucode.sandbox.sql.StatementPattern.TablePrefix;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StatementListTest {
  private final StatementList list = new StatementList();

  @Test
  void everyStatementRecognisesItselfAndNoOther() throws SqlToken.Unreadable {
    assertThat(list.all()).isNotEmpty();
    for (KnownStatement statement : list.all()) {
      assertThat(recognise(statement.databricks()))
          .hasValueSatisfying(found -> assertThat(found.statement()).isEqualTo(statement));
    }
  }

  @Test
  void bothTextsOfAStatementTakeTheSameParameters() {
    Pattern named = Pattern.compile("(?<=[ =(]):([a-z_]+)");
    for (KnownStatement statement : list.all()) {
      List<String> declared =
          statement.parameters().stream().map(KnownStatement.Column::name).sorted().toList();
      for (String text : List.of(statement.databricks(), statement.sqlite())) {
        List<String> used =
            named.matcher(text).results().map(found -> found.group(1)).distinct().sorted().toList();
        assertThat(used).as(statement.name()).isEqualTo(declared);
      }
    }
  }

  @Test
  void spacesCommentsCaseAndQuotesDoNotMatter() throws SqlToken.Unreadable {
    Optional<Recognised> found =
        recognise(
            """
            select  SPAN_ID -- the ids
            FROM `main` . traces.`ucode_otel_spans` /* all
            of them */ where Trace_Id=:trace_id ;
            """);
    assertThat(found)
        .hasValueSatisfying(r -> assertThat(r.statement().name()).isEqualTo("span-ids"));
  }

  @Test
  void thePrefixOfTheTablesAndTheLimitAreFree() throws SqlToken.Unreadable {
    Recognised found =
        recognise("SELECT span_id FROM Prod.`my-schema`.Team_A_otel_spans LIMIT 0").orElseThrow();
    assertThat(found.match().prefix()).contains(new TablePrefix("prod", "my-schema", "team_a"));
    assertThat(found.match().limit()).contains(0L);

    String latest = statement("latest-traces").databricks();
    assertThat(recognise(latest.replace("LIMIT 20", "LIMIT 500")).orElseThrow().match().limit())
        .contains(500L);
  }

  @Test
  void whatMeansSomethingElseIsNotRecognised() throws SqlToken.Unreadable {
    String session = statement("session-spans").databricks();
    String oneTableDiffers = session.replaceFirst("main\\.traces\\.ucode", "main.traces.other");
    for (String other :
        List.of(
            "SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = 'x'",
            "SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = :other",
            "SELECT span_id FROM main.traces.ucode_otel_spans WHERE trace_id = :trace_id LIMIT 1",
            "SELECT span_id FROM main.traces.ucode_otel_logs WHERE trace_id = :trace_id",
            "SELECT span_id FROM traces.ucode_otel_spans WHERE trace_id = :trace_id",
            "SELECT span_id FROM main.traces.ucode_otel_spans LIMIT -1",
            "SELECT 2",
            "SELECT 1 SELECT 1",
            oneTableDiffers,
            statement("tool-usage").databricks().replace("'TOOL'", "'tool'"),
            "")) {
      assertThat(recognise(other)).as(other).isEmpty();
    }
  }

  @Test
  void theClosestStatementIsNamedWithTheFirstDifference() throws SqlToken.Unreadable {
    assertThat(
            list.closest(
                SqlToken.of("SELECT span_id FROM main.traces.ucode_otel_spans WHERE name = 'x'")))
        .isEqualTo("closest is 'span-ids', which has 'trace_id' where this has 'name'");
  }

  @Test
  void anOpenQuoteIsAnError() {
    for (String open : List.of("SELECT 'x", "SELECT `x", "SELECT /* x", "SELECT \"x")) {
      assertThatThrownBy(() -> SqlToken.of(open)).isInstanceOf(SqlToken.Unreadable.class);
    }
  }

  private KnownStatement statement(String name) {
    return list.all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private Optional<Recognised> recognise(String sql) throws SqlToken.Unreadable {
    return list.recognise(SqlToken.of(sql));
  }
}
