package dev.ucode.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void numbersKeepTheirDigits() throws Exception {
    String text = "{\"a\":1.50,\"b\":1e400,\"c\":123456789012345678901234567890}";
    assertThat(JsonReader.parse(text).write()).isEqualTo(text);
  }

  @Test
  void membersKeepTheirOrderAndTheLastOfTwoWins() throws Exception {
    assertThat(JsonReader.parse("{\"b\":1,\"a\":2,\"b\":3}").write())
        .isEqualTo("{\"b\":3,\"a\":2}");
  }

  @Test
  void lookupsOfTheWrongKindAreNull() throws Exception {
    Json json =
        JsonReader.parse("{\"n\":1,\"s\":\"x\",\"o\":{\"deep\":\"y\"},\"huge\":1e999999999}");
    assertThat(json.text("n")).isNull();
    assertThat(json.number("s")).isNull();
    assertThat(json.number("huge")).isNull();
    assertThat(json.at("o", "deep", "deeper")).isNull();
    assertThat(json.at("missing", "deep")).isNull();
    assertThat(json.items("s")).isEmpty();
    assertThat(JsonReader.parse("[]").get("x")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", "{", "{\"a\":}", "[1,]", "{} {}", "nul", "{\"a\":1}x", "\u0000"})
  void whatIsNotJsonIsRefused(String text) {
    assertThatThrownBy(() -> JsonReader.parse(text)).isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void aFaultNamesItsPlace() {
    assertThatThrownBy(() -> JsonReader.parse("{\n  \"a\": 1,\n  oops\n}"))
        .isInstanceOfSatisfying(JsonSyntaxException.class, e -> assertThat(e.line()).isEqualTo(3));
  }

  @Test
  void deepNestingIsRefusedNotOverflowed() {
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> JsonReader.parse(deep)).isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void settingsMayHoldCommentsAndTrailingCommas() throws Exception {
    Json json = JsonReader.parseLenient("{ // why\n \"a\": 1, /* and */ \"b\": [1,], }");
    assertThat(json.write()).isEqualTo("{\"a\":1,\"b\":[1]}");
  }

  @Test
  void aLineMayHoldTwoRecords() {
    byte[] line = "{\"a\":1}{\"b\":2}".getBytes(StandardCharsets.UTF_8);
    JsonReader.Line read = JsonReader.parseLine(line, 0, line.length);
    assertThat(read.intact()).isTrue();
    assertThat(read.values()).extracting(Json::write).containsExactly("{\"a\":1}", "{\"b\":2}");
  }

  @Test
  void aBrokenLineKeepsWhatCameBefore() {
    byte[] line = "{\"a\":1}{\"b\":".getBytes(StandardCharsets.UTF_8);
    JsonReader.Line read = JsonReader.parseLine(line, 0, line.length);
    assertThat(read.intact()).isFalse();
    assertThat(read.values()).hasSize(1);
  }

  @Test
  void loneSurrogatesAndControlsAreEscaped() throws Exception {
    Json value = Json.of("\ud83d\u0000\u001f\"\\\n\t\r 😀 é \udc00");
    String text = value.write();
    assertThat(text).isEqualTo("\"\\ud83d\\u0000\\u001f\\\"\\\\\\n\\t\\r 😀 é \\udc00\"");
    assertThat(JsonReader.parse(text)).isEqualTo(value);
  }

  @Property(tries = 300)
  void whatIsWrittenIsReadBack(@ForAll("values") Json value) throws Exception {
    assertThat(JsonReader.parse(value.write())).isEqualTo(value);
    assertThat(JsonReader.parse(JsonWriter.pretty(value))).isEqualTo(value);
    assertThat(JsonReader.parse(value.write().getBytes(StandardCharsets.UTF_8))).isEqualTo(value);
  }

  @Provide
  Arbitrary<Json> values() {
    Arbitrary<Json> leaves =
        Arbitraries.oneOf(
            Arbitraries.strings().map(Json::of),
            Arbitraries.longs().map(Json::of),
            Arbitraries.doubles().map(Json::of),
            Arbitraries.of(true, false).map(Json::of),
            Arbitraries.just(Json.Null.NULL));
    return nest(nest(leaves));
  }

  private static Arbitrary<Json> nest(Arbitrary<Json> inner) {
    return Arbitraries.oneOf(
        inner,
        inner.list().ofMaxSize(4).map(Json.Arr::new),
        Arbitraries.maps(Arbitraries.strings().ofMaxLength(8), inner)
            .ofMaxSize(4)
            .map(Json.Obj::new));
  }

  @Test
  void aProjectionLeavesOutWithoutBuilding() {
    byte[] line =
        """
        {"a":{"x":[{"big":{"deep":[1,{}]},"small":1}],"y":"s"},"b":[1],"big":2,"c":"t"} {"b":{"n":0}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    Projection projection =
        Projection.allBut(
            Map.of(
                "a",
                Projection.allBut(Map.of("x", Projection.allBut(Map.of("big", Projection.NONE)))),
                "b",
                Projection.only("n"),
                "c",
                Projection.NONE));
    JsonReader.Line read = JsonReader.parseLine(line, 0, line.length, projection);
    assertThat(read.intact()).isTrue();
    assertThat(read.values().stream().map(Json::write))
        .containsExactly(
            "{\"a\":{\"x\":[{\"small\":1}],\"y\":\"s\"},\"b\":[1],\"big\":2}", "{\"b\":{\"n\":0}}");
    byte[] cut = "{\"b\":1,\"c\":{\"x\":[1,".getBytes(StandardCharsets.UTF_8);
    assertThat(JsonReader.parseLine(cut, 0, cut.length, projection).intact()).isFalse();
  }

  @Test
  void loneSurrogatesOfCutTextAreRead() {
    byte[] line = "{\"a\":\"x\\ud83d\"}".getBytes(StandardCharsets.UTF_8);
    JsonReader.Line read = JsonReader.parseLine(line, 0, line.length);
    assertThat(read.intact()).isTrue();
    assertThat(read.values().getFirst().text("a")).isEqualTo("x\ud83d");
  }
}
