package dev.ucode.sink.wire;

import dev.ucode.json.Json;
import dev.ucode.name.AgentId;
import dev.ucode.sink.SpanContext;
import dev.ucode.trace.Detail;
import dev.ucode.trace.Event;
import dev.ucode.trace.Outcome;
import dev.ucode.trace.Span;
import dev.ucode.trace.TokenUsage;
import dev.ucode.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span as OTLP: the attributes that MLflow's views read ({@code mlflow.*}, and the bare names of
 * its Claude Code integration), beside those of the OpenTelemetry GenAI conventions
 * (semantic-conventions-genai, September 2026) and the resource of the agent.
 */
public final class SpanAttributes {
  private SpanAttributes() {}

  /** The resource every span of an agent comes from. */
  public static Map<String, Json> resource(SpanContext context, String ucodeVersion) {
    Map<String, Json> resource = new LinkedHashMap<>();
    resource.put("service.name", Json.of(service(context.agent())));
    String version = context.agentVersion();
    if (version != null && !version.isEmpty()) {
      resource.put("service.version", Json.of(version));
    }
    resource.put("telemetry.sdk.language", Json.of("java"));
    resource.put("telemetry.sdk.name", Json.of("ucode"));
    resource.put("telemetry.sdk.version", Json.of(ucodeVersion));
    return resource;
  }

  /**
   * A span of a trace.
   *
   * @param more attributes that only one sink has
   */
  public static Otlp.WireSpan wire(
      TraceId trace, Span span, SpanContext context, Map<String, Json> more) {
    Map<String, Json> attributes = new LinkedHashMap<>(more);
    attributes.put("ucode.timing", word(span.timing()));
    attributes.put("gen_ai.conversation.id", Json.of(context.session().value()));
    switch (span.detail()) {
      case Detail.Turn turn -> turn(attributes, turn, span.outcome(), context);
      case Detail.ModelCall call -> modelCall(attributes, call);
      case Detail.ToolCall call -> toolCall(attributes, call);
      case Detail.Subagent agent -> subagent(attributes, agent);
    }
    span.extra().members().forEach(attributes::putIfAbsent);

    List<Otlp.WireEvent> events = new ArrayList<>();
    for (Event event : span.events()) {
      events.add(new Otlp.WireEvent(event.name(), event.time(), event.attributes().members()));
    }
    Otlp.Status status = Otlp.Status.OK;
    String message = "";
    switch (span.outcome()) {
      case Outcome.Ok ok -> {}
      case Outcome.Failed(String type, String text) -> {
        status = Otlp.Status.ERROR;
        message = text;
        attributes.put("error.type", Json.of(type));
        events.add(exception(span.end(), type, text));
      }
      case Outcome.Interrupted cut -> {
        status = Otlp.Status.UNSET; // the person's own wish is not an error
        attributes.put("ucode.outcome", Json.of("interrupted"));
      }
      case Outcome.Unfinished cut -> {
        status = Otlp.Status.UNSET;
        attributes.put("ucode.outcome", Json.of("unfinished"));
      }
    }
    Otlp.Kind kind =
        span.detail() instanceof Detail.ModelCall ? Otlp.Kind.CLIENT : Otlp.Kind.INTERNAL;
    return new Otlp.WireSpan(
        trace,
        span.id(),
        span.parent(),
        span.name(),
        kind,
        span.start(),
        span.end(),
        attributes,
        events,
        status,
        message);
  }

  /** {@code mlflow.chat.tokenUsage} and {@code mlflow.trace.tokenUsage}; null where not known. */
  public static Json.@Nullable Obj tokenUsage(TokenUsage usage) {
    if (usage.quality() == TokenUsage.Quality.UNKNOWN) {
      return null;
    }
    return Json.object()
        .put("input_tokens", usage.input())
        .put("output_tokens", usage.output())
        .put("total_tokens", usage.input() + usage.output())
        .put("cache_read_input_tokens", usage.cacheRead())
        .put("cache_creation_input_tokens", usage.cacheCreation())
        .build();
  }

  private static void turn(
      Map<String, Json> attributes, Detail.Turn turn, Outcome outcome, SpanContext context) {
    String done =
        switch (outcome) {
          case Outcome.Ok ok -> "completed";
          case Outcome.Failed failed -> "failed";
          case Outcome.Interrupted cut -> "interrupted";
          case Outcome.Unfinished cut -> "unfinished";
        };
    mlflow(
        attributes,
        "AGENT",
        Json.object().put("prompt", turn.prompt()).build(),
        Json.object().put("status", done).put("response", turn.response()).build());
    attributes.put("session.id", Json.of(context.session().value()));
    String user = context.user();
    if (user != null) {
      attributes.put("user.id", Json.of(user));
    }
    attributes.put("gen_ai.operation.name", Json.of("invoke_agent"));
    attributes.put("gen_ai.agent.name", Json.of(service(context.agent())));
  }

  private static void modelCall(Map<String, Json> attributes, Detail.ModelCall call) {
    String model = call.model();
    Json.Builder inputs = Json.object().putIfPresent("model", model);
    Json outputs;
    if (call.format().equals("anthropic")) {
      ChatMessages chat = ChatMessages.of(call.input());
      inputs.put("messages", chat.messages());
      Json.Arr system = chat.system();
      if (system != null) {
        attributes.put("gen_ai.system_instructions", system);
      }
      outputs = ChatMessages.answer(call.output());
    } else {
      inputs.put("messages", call.input());
      outputs = Json.object().put("content", call.output()).build();
    }
    mlflow(attributes, "LLM", inputs.build(), outputs);
    attributes.put("mlflow.message.format", Json.of(call.format()));
    attributes.put("mlflow.llm.provider", Json.of(call.provider()));
    attributes.put("gen_ai.operation.name", Json.of("chat"));
    attributes.put("gen_ai.provider.name", Json.of(call.provider()));
    if (model != null) {
      attributes.put("mlflow.llm.model", Json.of(model));
      attributes.put("model", Json.of(model));
      attributes.put("gen_ai.request.model", Json.of(model));
      attributes.put("gen_ai.response.model", Json.of(model));
    }
    attributes.put("gen_ai.response.id", Json.of(call.messageId()));
    String stop = call.stopReason();
    if (stop != null) {
      attributes.put("gen_ai.response.finish_reasons", Json.array(Json.of(stop)));
    }
    String request = call.requestId();
    if (request != null) {
      attributes.put("ucode.request_id", Json.of(request));
    }
    usage(attributes, call.usage());
  }

  private static void usage(Map<String, Json> attributes, TokenUsage usage) {
    attributes.put("ucode.usage.quality", word(usage.quality()));
    Json tokens = tokenUsage(usage);
    if (tokens == null) {
      return;
    }
    attributes.put("mlflow.chat.tokenUsage", tokens);
    // The conventions count cached tokens as input; MLflow and Anthropic do not.
    attributes.put(
        "gen_ai.usage.input_tokens",
        Json.of(usage.input() + usage.cacheRead() + usage.cacheCreation()));
    attributes.put("gen_ai.usage.output_tokens", Json.of(usage.output()));
    attributes.put("gen_ai.usage.cache_read.input_tokens", Json.of(usage.cacheRead()));
    // Renamed in the conventions' next release: both, until readers have followed.
    attributes.put("gen_ai.usage.cache_creation.input_tokens", Json.of(usage.cacheCreation()));
    attributes.put("gen_ai.usage.cache_write.input_tokens", Json.of(usage.cacheCreation()));
  }

  private static void toolCall(Map<String, Json> attributes, Detail.ToolCall call) {
    Json result = call.result();
    mlflow(
        attributes,
        "TOOL",
        call.input(),
        Json.object().put("result", result == null ? Json.Null.NULL : result).build());
    attributes.put("tool_name", Json.of(call.name()));
    attributes.put("tool_id", Json.of(call.callId()));
    attributes.put("gen_ai.operation.name", Json.of("execute_tool"));
    attributes.put("gen_ai.tool.name", Json.of(call.name()));
    attributes.put("gen_ai.tool.call.id", Json.of(call.callId()));
    attributes.put("gen_ai.tool.type", Json.of("function"));
    String server = call.mcpServer();
    if (server != null) {
      attributes.put("ucode.mcp.server", Json.of(server));
    }
  }

  private static void subagent(Map<String, Json> attributes, Detail.Subagent agent) {
    String description = agent.description();
    mlflow(
        attributes,
        "AGENT",
        Json.object()
            .put("prompt", agent.prompt())
            .putIfPresent("description", description)
            .build(),
        Json.object().put("response", agent.response()).build());
    attributes.put("subagent_type", Json.of(agent.type()));
    attributes.put("ucode.background", Json.of(agent.background()));
    attributes.put("gen_ai.operation.name", Json.of("invoke_agent"));
    attributes.put("gen_ai.agent.name", Json.of(agent.type()));
    attributes.put("gen_ai.agent.id", Json.of(agent.agentId()));
    if (description != null) {
      attributes.put("gen_ai.agent.description", Json.of(description));
    }
  }

  private static void mlflow(
      Map<String, Json> attributes, String spanType, Json inputs, Json outputs) {
    attributes.put("mlflow.spanType", Json.of(spanType));
    attributes.put("mlflow.spanInputs", inputs);
    attributes.put("mlflow.spanOutputs", outputs);
  }

  private static Otlp.WireEvent exception(Instant time, String type, String message) {
    Map<String, Json> attributes = new LinkedHashMap<>();
    attributes.put("exception.type", Json.of(type));
    attributes.put("exception.message", Json.of(message));
    return new Otlp.WireEvent("exception", time, attributes);
  }

  /** What agents call themselves in their own telemetry. */
  private static String service(AgentId agent) {
    return switch (agent.value()) {
      case "claude" -> "claude-code";
      case "codex" -> "codex_cli_rs";
      case "gemini" -> "gemini-cli";
      default -> agent.value();
    };
  }

  private static Json word(Enum<?> value) {
    return Json.of(value.name().toLowerCase(Locale.ROOT));
  }
}
