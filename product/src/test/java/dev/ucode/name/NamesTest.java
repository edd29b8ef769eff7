package dev.ucode.name;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "acme.cloud.databricks.com, https://acme.cloud.databricks.com",
    "https://Acme.Test/, https://acme.test",
    "https://acme.test/?o=123, https://acme.test",
    "https://acme.test/browse/x, https://acme.test",
    "http://127.0.0.1:8080, http://127.0.0.1:8080",
    "http://localhost:1, http://localhost:1",
    "'http://[::1]:9/', 'http://[::1]:9'",
  })
  void workspaceAddressesAreNormalised(String typed, String expected) {
    assertThat(WorkspaceUrl.parse(typed)).isEqualTo(new WorkspaceUrl(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://acme.test",
        "http://127.0.0.1.evil.test",
        "http://localhost.evil.test",
        "https://user:pw@acme.test",
        "ftp://acme.test",
        "https://",
        "not a url",
        "",
      })
  void tokensAreNotSentThere(String typed) {
    assertThat(WorkspaceUrl.parse(typed)).isNull();
    assertThat(WorkspaceUrl.refusal(typed)).isNotBlank();
  }

  @Test
  void unityCatalogLocationsHaveThreeParts() {
    assertThat(UcLocation.parse("main.traces.ucode"))
        .isEqualTo(new UcLocation("main", "traces", "ucode"));
    assertThat(new UcLocation("main", "traces", "ucode").spansTable())
        .isEqualTo("main.traces.ucode_otel_spans");
    assertThat(UcLocation.parse("main.traces")).isNull();
    assertThat(UcLocation.parse("main..ucode")).isNull();
    assertThat(UcLocation.parse("a.b.c.d")).isNull();
    assertThat(UcLocation.parse("")).isNull();
  }
}
