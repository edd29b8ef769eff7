package dev.ucode.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What surrounds a command: the environment and the two outputs. */
record Terminal(Map<String, String> environment, PrintStream out, PrintStream err) {
  private static final ObjectMapper PRETTY = new ObjectMapper();

  Terminal {
    environment = Map.copyOf(environment);
  }

  void line(String text) {
    out.println(text);
  }

  /** Indented JSON. */
  void json(JsonNode node) {
    try {
      out.println(PRETTY.writerWithDefaultPrettyPrinter().writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }

  PrintWriter outWriter() {
    return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
  }

  PrintWriter errWriter() {
    return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
  }
}
