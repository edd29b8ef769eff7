package dev.ucode.cli;

import dev.ucode.console.Output;
import dev.ucode.console.Text;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Help texts. */
final class Help {
  private static final int INDENT = 2;
  private static final int LEFT = 24;
  private static final int WIDEST = 100;

  private Help() {}

  /** A line of a list: a word, and what it stands for. */
  record Entry(String word, String meaning) {}

  static void title(Output out, String title) {
    out.line();
    out.line(out.paint().bold(title));
  }

  /** A list in two columns. */
  static void list(Output out, List<Entry> entries) {
    int width = Math.min(out.width(), WIDEST) - INDENT - LEFT;
    for (Entry entry : entries) {
      String left = entry.word();
      List<String> lines = wrap(entry.meaning(), Math.max(20, width));
      boolean fits = left.length() < LEFT - 1;
      String first = fits ? Text.padEnd(left, LEFT) : left;
      out.line(
          (" ".repeat(INDENT)
                  + out.paint().cyan(left)
                  + first.substring(left.length())
                  + (fits ? lines.getFirst() : ""))
              .stripTrailing());
      for (String line : fits ? lines.subList(1, lines.size()) : lines) {
        out.line(" ".repeat(INDENT + LEFT) + line);
      }
    }
  }

  static void examples(Output out, List<Command.Example> examples) {
    title(out, "Examples");
    for (Command.Example example : examples) {
      out.line("  " + out.paint().dim("# " + example.does()));
      out.line("  " + example.line());
    }
  }

  /** A command's own help, from what it describes to the parser. */
  static void command(Output out, String name, Command command, CommandSpec spec) {
    out.line(command.summary());
    title(out, "Usage");
    out.line("  " + synopsis(name, command, spec));
    if (!command.subcommands().isEmpty()) {
      title(out, "Commands");
      list(out, command.subcommands().stream().map(c -> new Entry(c.name(), c.summary())).toList());
    }
    List<Entry> operands =
        spec.positionalParameters().stream()
            .map(p -> new Entry(p.paramLabel(), String.join(" ", p.description())))
            .toList();
    if (!operands.isEmpty()) {
      title(out, "Operands");
      list(out, operands);
    }
    List<Entry> options = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        options.add(new Entry(names(option), String.join(" ", option.description())));
      }
    }
    if (!options.isEmpty()) {
      title(out, "Options");
      list(out, options);
    }
    if (!command.examples().isEmpty()) {
      examples(out, command.examples());
    }
  }

  private static String synopsis(String name, Command command, CommandSpec spec) {
    StringBuilder line = new StringBuilder(name);
    if (spec.options().stream().anyMatch(o -> !o.hidden())) {
      line.append(" [options]");
    }
    for (PositionalParamSpec operand : spec.positionalParameters()) {
      boolean optional = operand.arity().min() == 0;
      line.append(optional ? " [" : " ").append(operand.paramLabel()).append(optional ? "]" : "");
    }
    if (!command.subcommands().isEmpty()) {
      line.append(" [command]");
    }
    return line.toString();
  }

  private static String names(OptionSpec option) {
    String all = String.join(", ", option.names());
    return option.arity().max() == 0 ? all : all + " " + option.paramLabel();
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
