package dev.ucode.sandbox.sql;

import java.util.List;

/**
 * One statement of the list.
 *
 * @param name short name, as used in messages and tests
 * @param about what it is for, one line
 * @param parameters its named parameters
 * @param columns the columns of its result
 * @param databricks the Databricks SQL, over tables of {@code main.traces.ucode}
 * @param sqlite what the sandbox runs in its place
 */
public record KnownStatement(
    String name,
    String about,
    List<Column> parameters,
    List<Column> columns,
    String databricks,
    String sqlite) {

  /** A name and its Databricks type in upper case, such as {@code BIGINT}. */
  public record Column(String name, String type) {}
}
