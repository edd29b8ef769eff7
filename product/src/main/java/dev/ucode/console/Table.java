package dev.ucode.console;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns that fit a width: the columns that may shrink give up what is too much. */
public final class Table {
  private static final String GAP = "  ";

  /** How a column behaves. */
  public enum Kind {
    /** As wide as its widest cell, to the left. */
    LEFT,
    /** As wide as its widest cell, to the right: numbers. */
    RIGHT,
    /** Takes what the others leave; longer cells are cut. */
    ELASTIC
  }

  private record Column(String heading, Kind kind) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a column. */
  public Table column(String heading, Kind kind) {
    columns.add(new Column(heading, kind));
    return this;
  }

  /** Adds a row of as many cells as there are columns; they may be painted. */
  public Table row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    rows.add(List.of(cells));
    return this;
  }

  /** Prints headings and rows. */
  public void print(Output out) {
    int[] widths = widths(out.width());
    List<String> headings = columns.stream().map(Column::heading).toList();
    out.line(out.paint().bold(line(headings, widths)));
    for (List<String> row : rows) {
      out.line(line(row, widths));
    }
  }

  private int[] widths(int available) {
    int[] widths = new int[columns.size()];
    int fixed = GAP.length() * (columns.size() - 1);
    int elastic = 0;
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Text.width(columns.get(i).heading());
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], Text.width(row.get(i)));
      }
      if (columns.get(i).kind() == Kind.ELASTIC) {
        elastic++;
      } else {
        fixed += widths[i];
      }
    }
    for (int i = 0; i < widths.length; i++) {
      if (columns.get(i).kind() == Kind.ELASTIC) {
        int share = Math.max(Text.width(columns.get(i).heading()), (available - fixed) / elastic);
        widths[i] = Math.min(widths[i], share);
      }
    }
    return widths;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = Text.fit(cells.get(i), widths[i]);
      line.append(i == 0 ? "" : GAP)
          .append(
              columns.get(i).kind() == Kind.RIGHT
                  ? Text.padStart(cell, widths[i])
                  : Text.padEnd(cell, widths[i]));
    }
    return line.toString().stripTrailing();
  }
}
