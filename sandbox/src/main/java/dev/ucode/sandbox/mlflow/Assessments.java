package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.mlflow.Annotations.Annotation;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Assessments (feedback, expectations) as annotations and as MLflow's JSON. What has no column of
 * its own is in the annotation's metadata, under keys that begin with {@code mlflow.}.
 */
final class Assessments {
  private static final String OWN = "mlflow.assessment.";

  /** Fields of the message that live in the metadata, and under which key. */
  private static final Map<String, String> IN_METADATA =
      Map.of(
          "span_id", OWN + "spanId",
          "overrides", OWN + "overrides",
          "valid", OWN + "valid");

  private Assessments() {}

  static boolean is(Annotation annotation) {
    return annotation.type().equals("FEEDBACK") || annotation.type().equals("EXPECTATION");
  }

  /**
   * A new assessment from its message.
   *
   * @param nowMicros microseconds since 1970, where the message names no time
   * @throws ApiException 400 where name, source or value is missing
   */
  static Annotation create(String traceId, ObjectNode message, long nowMicros) {
    String id = "a-" + UUID.randomUUID().toString().replace("-", "");
    long created = micros(Json.text(message, "create_time"), nowMicros);
    return parse(
        id, traceId, message, created, micros(Json.text(message, "last_update_time"), created));
  }

  /** The assessment with the masked fields of the message in place of its own. */
  static Annotation update(
      Annotation old, TraceStore store, ObjectNode message, Iterable<String> mask, long nowMicros) {
    ObjectNode merged = json(old, store);
    for (String field : mask) {
      JsonNode value = message.get(field);
      if (value == null) {
        merged.remove(field);
      } else {
        merged.set(field, value);
      }
    }
    return parse(old.id(), old.traceId(), merged, old.createdMicros(), nowMicros);
  }

  private static Annotation parse(
      String id, String traceId, ObjectNode message, long createdMicros, long updatedMicros) {
    JsonNode feedback = message.get("feedback");
    JsonNode expectation = message.get("expectation");
    JsonNode body = feedback != null ? feedback : expectation;
    if (body == null || (feedback != null && expectation != null)) {
      throw ApiException.invalid("Exactly one of feedback, expectation must be set.");
    }
    String name = ExperimentRoutes.required(message, "assessment_name");
    ObjectNode metadata = Json.object();
    for (Map.Entry<String, JsonNode> own : message.path("metadata").properties()) {
      metadata.set(own.getKey(), own.getValue());
    }
    JsonNode source = message.path("source");
    metadata.put(OWN + "sourceType", ExperimentRoutes.required(source, "source_type"));
    metadata.put(OWN + "sourceId", Json.text(source, "source_id", ""));
    IN_METADATA.forEach(
        (field, key) -> {
          if (message.has(field)) {
            metadata.set(key, message.get(field));
          }
        });
    if (body.has("error")) {
      metadata.set(OWN + "error", body.get("error"));
    }
    JsonNode value = body.get("value");
    if (body.has("serialized_value")) {
      metadata.set(OWN + "serializedValue", body.get("serialized_value"));
    }
    return new Annotation(
        id,
        traceId,
        feedback != null ? "FEEDBACK" : "EXPECTATION",
        name,
        value,
        metadata,
        Json.text(message, "rationale"),
        createdMicros,
        updatedMicros);
  }

  /** As MLflow's message. */
  static ObjectNode json(Annotation annotation, TraceStore store) {
    ObjectNode metadata = annotation.metadata() == null ? Json.object() : annotation.metadata();
    ObjectNode json =
        Json.object()
            .put("assessment_id", annotation.id())
            .put("assessment_name", annotation.name())
            .put("trace_id", annotation.traceId());
    if (store.location() != null) {
      json.set("trace_location", store.json());
    }
    json.putObject("source")
        .put("source_type", Json.text(metadata, OWN + "sourceType", "SOURCE_TYPE_UNSPECIFIED"))
        .put("source_id", Json.text(metadata, OWN + "sourceId", ""));
    json.put("create_time", time(annotation.createdMicros()));
    json.put("last_update_time", time(annotation.updatedMicros()));
    ObjectNode body =
        json.putObject(annotation.type().equals("FEEDBACK") ? "feedback" : "expectation");
    copy(metadata, OWN + "serializedValue", body, "serialized_value");
    if (annotation.value() != null) {
      body.set("value", annotation.value());
    }
    copy(metadata, OWN + "error", body, "error");
    if (annotation.comment() != null) {
      json.put("rationale", annotation.comment());
    }
    ObjectNode own = Json.object();
    for (Map.Entry<String, JsonNode> member : metadata.properties()) {
      if (!member.getKey().startsWith("mlflow.assessment.")) {
        own.set(member.getKey(), member.getValue());
      }
    }
    if (!own.isEmpty()) {
      json.set("metadata", own);
    }
    IN_METADATA.forEach((field, key) -> copy(metadata, key, json, field));
    return json;
  }

  /** Says that an assessment was overridden by another. */
  static Annotation invalidated(Annotation old, long nowMicros) {
    ObjectNode metadata = old.metadata() == null ? Json.object() : old.metadata().deepCopy();
    metadata.put(OWN + "valid", false);
    return new Annotation(
        old.id(),
        old.traceId(),
        old.type(),
        old.name(),
        old.value(),
        metadata,
        old.comment(),
        old.createdMicros(),
        nowMicros);
  }

  private static void copy(ObjectNode from, String key, ObjectNode to, String field) {
    if (from.has(key)) {
      to.set(field, from.get(key));
    }
  }

  static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  private static long micros(@Nullable String time, long otherwise) {
    if (time == null) {
      return otherwise;
    }
    try {
      return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
    } catch (DateTimeException e) {
      throw ApiException.invalid("Not an RFC 3339 time: " + time);
    }
  }
}
