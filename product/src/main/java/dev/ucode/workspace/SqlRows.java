package dev.ucode.workspace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a SQL statement found.
 *
 * @param columns names, in order
 * @param rows values as text, in the columns' order; null for SQL's NULL
 */
public record SqlRows(List<String> columns, List<List<@Nullable String>> rows) {
  public SqlRows {
    columns = List.copyOf(columns);
    List<List<@Nullable String>> copy = new ArrayList<>();
    rows.forEach(row -> copy.add(Collections.unmodifiableList(new ArrayList<>(row))));
    rows = Collections.unmodifiableList(copy);
  }

  /** The value of a column in a row; null for NULL, and where there is no such column. */
  public @Nullable String text(int row, String column) {
    int at = columns.indexOf(column);
    List<@Nullable String> values = rows.get(row);
    return at < 0 || at >= values.size() ? null : values.get(at);
  }

  /** The value of a column of whole numbers; 0 for NULL, and for what is no number. */
  public long number(int row, String column) {
    String text = text(row, column);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
