package dev.ucode.sandbox.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.sandbox.Sandbox;
import dev.ucode.sandbox.store.Database;
import dev.ucode.sandbox.store.Sql;
import dev.ucode.sandbox.uc.UcCatalog;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StartingStateTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyStateFillsAnEmptyDatabaseAndItsTablesCanBeRead(StartingState state) throws Exception {
    try (Database database =
        Database.open(folder.resolve(state.word() + ".db"), Sandbox.definitions())) {
      database.change(connection -> state.fill(connection, 1_760_000_000_000L));
      assertThat(StartingState.of(state.word())).isEqualTo(state);
      List<String> tables =
          database.read(
              connection ->
                  Sql.list(connection, "SELECT full_name FROM uc_table", row -> row.getString(1)));
      for (String table : tables) {
        List<String> columns =
            database.read(
                connection ->
                    Sql.list(
                        connection,
                        "SELECT name FROM pragma_table_info(?)",
                        row -> row.getString(1),
                        table));
        assertThat(columns)
            .as(table)
            .isEqualTo(
                database.read(connection -> UcCatalog.columns(connection, table)).stream()
                    .map(column -> column.name())
                    .toList());
      }
      assertThat(tables.contains("main.traces.ucode_trace_unified"))
          .isEqualTo(
              state != StartingState.NO_EXPERIMENT && state != StartingState.CLASSIC_EXPERIMENT);
    }
  }
}
