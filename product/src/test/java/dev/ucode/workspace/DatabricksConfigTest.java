package dev.ucode.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ucode.os.FakeEnvironment;
import dev.ucode.problem.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabricksConfigTest {
  @TempDir Path home;

  @Test
  void readsProfilesWithoutLettingDefaultLeak() throws IOException {
    write(
        """
        ; a comment
        [DEFAULT]
        host  = https://a.test
        token = secret=with=equals

        # another
        [ dev ]
          Host: https://b.test/?o=1
        """);
    DatabricksConfig config = DatabricksConfig.read(new FakeEnvironment(home));
    assertThat(config.profiles()).containsOnlyKeys("DEFAULT", "dev");
    assertThat(config.profile("DEFAULT").get("token")).isEqualTo("secret=with=equals");
    assertThat(config.profile("dev").get("host")).isEqualTo("https://b.test/?o=1");
    assertThat(config.profile("dev").get("token")).isNull();
  }

  @Test
  void noFileMeansNoProfiles() {
    assertThat(DatabricksConfig.read(new FakeEnvironment(home)).profiles()).isEmpty();
  }

  @Test
  void theFileCanBeElsewhere() throws IOException {
    Files.writeString(home.resolve("cfg"), "[x]\nhost=https://x.test\n");
    var env = new FakeEnvironment(home).set("DATABRICKS_CONFIG_FILE", "~/cfg");
    assertThat(DatabricksConfig.read(env).profiles()).containsOnlyKeys("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '[DEFAULT]\\nhost = x\\nnonsense'           | 3 | neither
          'token = dapi123'                           | 1 | before the first
          '[a]\\n\\n[b\\ntoken = dapi123'             | 3 | brackets
          '[a]\\nhost = x\\n[a]'                      | 3 | line 1
          """)
  void aBrokenFileIsRefusedWithItsLine(String text, int line, String why) throws IOException {
    write(text.replace("\\n", "\n"));
    var refusal =
        catchThrowableOfType(
            UserException.class, () -> DatabricksConfig.read(new FakeEnvironment(home)));
    assertThat(refusal.problem().what())
        .contains(home.resolve(".databrickscfg").toString())
        .contains("line " + line);
    assertThat(refusal.problem().why()).contains(why).doesNotContain("dapi123");
    assertThat(refusal.problem().fix()).isNotEmpty();
  }

  @Test
  void aFileInAnotherEncodingIsRefused() throws IOException {
    Files.write(
        home.resolve(".databrickscfg"),
        "[a]\nhost = https://ä.test\n".getBytes(StandardCharsets.ISO_8859_1));
    var refusal =
        catchThrowableOfType(
            UserException.class, () -> DatabricksConfig.read(new FakeEnvironment(home)));
    assertThat(refusal.problem().what()).contains("UTF-8");
  }

  @Test
  void aMissingProfileNamesThoseThereAre() throws IOException {
    write("[a]\n[b]\n");
    DatabricksConfig config = DatabricksConfig.read(new FakeEnvironment(home));
    var refusal = catchThrowableOfType(UserException.class, () -> config.profile("c"));
    assertThat(refusal.problem().why()).contains("a, b");
  }

  private void write(String text) throws IOException {
    Files.writeString(home.resolve(".databrickscfg"), text);
  }
}
