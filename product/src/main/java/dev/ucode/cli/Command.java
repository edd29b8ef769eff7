package dev.ucode.cli;

import dev.ucode.problem.Exit;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One of people's commands. Only the one that was asked for is described to the parser. */
interface Command {
  /** The word it is called by. */
  String name();

  /** What it does, in half a line. */
  String summary();

  /** Adds its options and operands. */
  void describe(CommandSpec spec);

  /** Command lines worth knowing, each with what it does. */
  List<Example> examples();

  /** Does it. Problems are thrown as {@link dev.ucode.problem.UserException}. */
  Exit run(ParseResult given);

  /** Commands below it; where there are any, it may still run by itself. */
  default List<Command> subcommands() {
    return List.of();
  }

  /** A command line and what it does. */
  record Example(String line, String does) {}
}
