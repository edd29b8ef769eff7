package dev.ucode.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ucode.problem.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  @Test
  void aProblemSaysWhatWhyAndHowToFixIt() {
    Recorded recorded = Recorded.piped();
    Problems.print(
        Problem.failure(
            "no Unity Catalog-backed MLflow experiment named 'ucode-traces' on https://acme.test",
            "experiment /Shared/ucode-traces (id 123) exists, but its traces are not stored in"
                + " Unity Catalog",
            "ask an admin to run: ucode tracing provision --catalog main --schema traces",
            "then run: ucode configure tracing"),
        recorded.console().err());
    assertThat(recorded.err())
        .isEqualTo(
            """
            ucode: no Unity Catalog-backed MLflow experiment named 'ucode-traces' on https://acme.test
              why: experiment /Shared/ucode-traces (id 123) exists, but its traces are not stored in Unity Catalog
              fix: ask an admin to run: ucode tracing provision --catalog main --schema traces
              fix: then run: ucode configure tracing
            """);
    assertThat(recorded.out()).isEmpty();
  }

  @Test
  void coloursAreOnATerminalAlone() {
    Problem problem = Problem.failure("what", "why", "how");
    Recorded coloured = Recorded.coloured(80);
    Problems.print(problem, coloured.console().err());
    assertThat(coloured.err()).contains("\u001b[31mucode:\u001b[0m what");
    Recorded piped = Recorded.piped();
    Problems.print(problem, piped.console().err());
    assertThat(piped.err()).doesNotContain("\u001b");
  }

  @Test
  void whatComesFromOutsideControlsNothing() {
    assertThat(Text.safe("a\u001b[31mred\u0007\u009b2J\r\nnext\rover\u202edroW"))
        .isEqualTo("a\\u001b[31mred\\u0007\\u009b2J\nnext\\u000dover\\u202edroW");
    assertThat(Text.safe("grüße 日本 \uD83D\uDE00\ttab\n")).isEqualTo("grüße 日本 \uD83D\uDE00\ttab\n");
    assertThat(Text.safe("half \uD83D pair")).isEqualTo("half \\ud83d pair");
    assertThat(Text.oneLine("  one\n\ttwo \r\n three ")).isEqualTo("one two three");
  }

  @Property
  void noTextCanEscape(@ForAll String text) {
    String safe = Text.safe(text);
    assertThat(safe.chars())
        .allMatch(c -> c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f && (c < 0x80 || c > 0x9f)));
    assertThat(Text.safe(safe)).isEqualTo(safe);
  }

  @Test
  void textIsMeasuredInCells() {
    assertThat(Text.width("abc")).isEqualTo(3);
    assertThat(Text.width("日本")).isEqualTo(4);
    assertThat(Text.width("e\u0301")).isEqualTo(1);
    assertThat(Text.width(new Paint(true).red("abc"))).isEqualTo(3);
    assertThat(Text.fit("abcdef", 4)).isEqualTo("abc…");
    assertThat(Text.fit("日本語", 4)).isEqualTo("日…");
    assertThat(Text.fit("abc", 3)).isEqualTo("abc");
    assertThat(Text.fit(new Paint(true).red("abcdef"), 3)).isEqualTo("\u001b[31mab…\u001b[0m");
  }

  @Property
  void aFittedTextFits(@ForAll String text, @ForAll int anyWidth) {
    int width = Math.floorMod(anyWidth, 60);
    assertThat(Text.width(Text.fit(Text.oneLine(text), width))).isLessThanOrEqualTo(width);
  }

  @Test
  void aTableFitsTheTerminal() {
    Recorded recorded = Recorded.terminal(30);
    table().print(recorded.console().out());
    assertThat(recorded.out())
        .isEqualTo(
            """
            ID  PROMPT              TOKENS
            a1  a rather long lin…     120
            b2  short                    7
            """);
  }

  @Test
  void aTableInAPipeIsWhole() {
    Recorded recorded = Recorded.piped();
    table().print(recorded.console().out());
    assertThat(recorded.out()).contains("a rather long line of a prompt     120\n");
  }

  private static Table table() {
    return new Table()
        .column("ID", Table.Kind.LEFT)
        .column("PROMPT", Table.Kind.ELASTIC)
        .column("TOKENS", Table.Kind.RIGHT)
        .row("a1", "a rather long line of a prompt", "120")
        .row("b2", "short", "7");
  }

  @Test
  void progressIsPlainLinesWhereThereIsNoTerminal() {
    Recorded recorded = Recorded.piped();
    try (Progress progress = recorded.console().progress()) {
      progress.step("first");
      progress.step("second");
      progress.done();
    }
    assertThat(recorded.err()).isEqualTo("first\nsecond\n");
    assertThat(recorded.out()).isEmpty();
  }

  @Test
  void progressOnATerminalTakesOneLineAStep() {
    Recorded recorded = Recorded.terminal(40);
    try (Progress progress = recorded.console().progress()) {
      progress.step("first");
      progress.step("second");
    }
    assertThat(recorded.err()).isEqualTo("… first\r\u001b[K✔ first\n… second\r\u001b[K");
  }
}
