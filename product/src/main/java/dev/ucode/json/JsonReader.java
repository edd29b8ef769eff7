package dev.ucode.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON text into a tree. */
public final class JsonReader {
  /** Deeper nesting is refused: the tree is built by recursion, and no tool of ours writes it. */
  private static final int MAX_DEPTH = 500;

  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(10_000)
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(1_000_000)
                  .build())
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .build();

  /** Hand-edited settings: comments and trailing commas. */
  private static final JsonFactory LENIENT =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private JsonReader() {}

  /**
   * Reads one value and nothing after it.
   *
   * @throws JsonSyntaxException where the text is anything else
   */
  public static Json parse(String text) throws JsonSyntaxException {
    try (JsonParser parser = STRICT.createParser(text)) {
      return single(parser);
    } catch (IOException e) {
      throw syntax(e);
    }
  }

  /** Reads one UTF-8 value and nothing after it. */
  public static Json parse(byte[] utf8) throws JsonSyntaxException {
    return parse(utf8, 0, utf8.length);
  }

  /** Reads one UTF-8 value from a slice and nothing after it. */
  public static Json parse(byte[] utf8, int offset, int length) throws JsonSyntaxException {
    try (JsonParser parser = STRICT.createParser(utf8, offset, length)) {
      return single(parser);
    } catch (IOException e) {
      throw syntax(e);
    }
  }

  /** Reads one value that may hold comments and trailing commas (JSONC). */
  public static Json parseLenient(String text) throws JsonSyntaxException {
    try (JsonParser parser = LENIENT.createParser(text)) {
      return single(parser);
    } catch (IOException e) {
      throw syntax(e);
    }
  }

  /**
   * Reads the values of one transcript line: usually one, but two records written by two processes
   * at once may share a line. What cannot be read ends the list; {@link Line#intact} tells.
   */
  public static Line parseLine(byte[] utf8, int offset, int length) {
    return parseLine(utf8, offset, length, Projection.ALL);
  }

  /** The same, of each value only what the projection keeps. */
  public static Line parseLine(byte[] utf8, int offset, int length, Projection projection) {
    List<Json> values = new ArrayList<>(1);
    try (JsonParser parser = STRICT.createParser(utf8, offset, length)) {
      while (parser.nextToken() != null) {
        values.add(value(parser, projection));
      }
      return new Line(values, true);
    } catch (IOException | RuntimeException broken) {
      return new Line(values, false);
    }
  }

  /**
   * The values of a line.
   *
   * @param intact false where the line held something that is not JSON after these values
   */
  public record Line(List<Json> values, boolean intact) {}

  private static Json single(JsonParser parser) throws IOException {
    if (parser.nextToken() == null) {
      throw new JsonSyntaxException("the text is empty", 0, 0, null);
    }
    Json value = value(parser, Projection.ALL);
    if (parser.nextToken() != null) {
      var at = parser.currentTokenLocation();
      throw new JsonSyntaxException(
          "more text after the value", at.getLineNr(), at.getColumnNr(), null);
    }
    return value;
  }

  private static Json value(JsonParser parser, Projection projection) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, Json> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          JsonToken first = parser.nextToken();
          Projection kept = projection.of(name);
          if (!kept.isNone()) {
            members.put(name, value(parser, kept));
          } else if (first != null && first.isStructStart()) {
            parser.skipChildren();
          }
        }
        yield new Json.Obj(members);
      }
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser, projection));
        }
        yield new Json.Arr(items);
      }
      case VALUE_STRING -> new Json.Str(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getText());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> Json.Null.NULL;
      default -> throw new JsonSyntaxException("unexpected " + token, 0, 0, null);
    };
  }

  private static JsonSyntaxException syntax(IOException e) {
    if (e instanceof JsonSyntaxException ours) {
      return ours;
    }
    if (e instanceof JsonProcessingException p && p.getLocation() != null) {
      var at = p.getLocation();
      return new JsonSyntaxException(p.getOriginalMessage(), at.getLineNr(), at.getColumnNr(), e);
    }
    return new JsonSyntaxException(String.valueOf(e.getMessage()), 0, 0, e);
  }

  /** Reads UTF-8 bytes as text, for callers that hold a file's content. */
  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
