package dev.ucode.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormalIT {
  private final Normal normal =
      new Normal(Map.of(Path.of("/tmp/x"), "<temp>", Path.of("/tmp/x/home"), "~"), "0.1.0");

  @Test
  void valuesThatDifferFromRunToRunBecomeNames() {
    assertThat(
            normal.of(
                """
                ucode 0.1.0 in /tmp/x/home/.ucode and /tmp/x/other
                at 2026-11-25T15:04:05.123Z, took 1.2 s and 30ms (pid 4711)
                trace tr-0123456789abcdef0123456789abcdef span 0123456789abcdef
                http://127.0.0.1:34567/ and http://localhost:45678, again 127.0.0.1:34567
                """))
        .isEqualTo(
            """
            ucode <version> in ~/.ucode and <temp>/other
            at <time>, took <duration> and <duration> (pid <pid 1>)
            trace <trace 1> span <span 1>
            http://127.0.0.1:<port 1>/ and http://localhost:<port 2>, again 127.0.0.1:<port 1>
            """);
  }

  @Test
  void whatMattersStays() {
    String text = "3 spans, 12 of 40 delivered, code 404, claude-sonnet-4-5, main.traces.ucode\n";
    assertThat(normal.of(text)).isEqualTo(text);
  }
}
