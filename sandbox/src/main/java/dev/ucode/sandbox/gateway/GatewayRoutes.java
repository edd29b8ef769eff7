package dev.ucode.sandbox.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.gateway.AnthropicWire.Event;
import dev.ucode.sandbox.gateway.Move.Answer;
import dev.ucode.sandbox.gateway.Move.Delivery;
import dev.ucode.sandbox.http.Access;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The gateway's Anthropic paths under {@code /ai-gateway/anthropic}: messages (streamed or whole),
 * token counting and the list of models. What was asked is kept in the notes of the request log:
 * {@code model}, {@code stream}, {@code messages} (how many), {@code tools} (names), {@code prompt}
 * (its beginning), {@code scenario}, {@code step}, {@code answer}.
 */
public final class GatewayRoutes implements Routes {
  private static final String PATH = "/ai-gateway/anthropic";
  private static final String SESSION_HEADER = "X-Claude-Code-Session-Id";

  /** About as many characters as Claude's tokenizer takes for a token of English and code. */
  private static final int CHARACTERS_PER_TOKEN = 4;

  private static final int NOTED_PROMPT = 80;

  private final ScriptedModel model;

  /** Routes to a scripted model. */
  public GatewayRoutes(ScriptedModel model) {
    this.model = model;
  }

  @Override
  public void register(Router router) {
    // Claude Code 2.1.197 asks for this without a token before it starts.
    router.add("HEAD", PATH, Access.OPEN, _ -> Reply.bytes(200, "application/json", new byte[0]));
    router.post(PATH + "/v1/messages", this::messages);
    router.post(PATH + "/v1/messages/count_tokens", this::countTokens);
    router.get(PATH + "/v1/models", this::models);
  }

  private Reply messages(Request request) {
    allow(request);
    MessagesRequest asked;
    try {
      asked = MessagesRequest.parse(request.json());
    } catch (BadRequest e) {
      return error(400, "invalid_request_error", String.valueOf(e.getMessage()));
    }
    request.note("model", asked.model());
    request.note("stream", Boolean.toString(asked.stream()));
    request.note("messages", Integer.toString(asked.messages().size()));
    request.note("tools", String.join(",", asked.toolNames()));
    if (!ModelCatalog.ids().contains(asked.model())) {
      return unknownModel(asked.model());
    }
    Conversation conversation = Conversation.of(asked);
    request.note("prompt", beginning(conversation.prompt()));
    request.note("scenario", conversation.scenario().orElse(""));
    request.note("step", Integer.toString(conversation.step()));
    String session = Objects.requireNonNullElse(request.header(SESSION_HEADER), "");
    Move move = model.move(asked, conversation, session);
    return switch (move) {
      case Move.Refusal refusal -> {
        request.note("answer", refusal.type());
        Reply reply = error(refusal.status(), refusal.type(), refusal.message());
        yield refusal
            .retryAfter()
            .map(seconds -> reply.header("Retry-After", Integer.toString(seconds)))
            .orElse(reply);
      }
      case Answer answer -> {
        request.note("answer", answer.stopReason());
        yield asked.stream()
            ? stream(answer, asked.model())
            : Reply.json(AnthropicWire.message(answer, asked.model()))
                .header("request-id", AnthropicWire.id("req_"));
      }
    };
  }

  private Reply countTokens(Request request) {
    allow(request);
    try {
      MessagesRequest asked = MessagesRequest.parse(request.json());
      request.note("model", asked.model());
    } catch (BadRequest e) {
      return error(400, "invalid_request_error", String.valueOf(e.getMessage()));
    }
    return Reply.json(
        Json.object()
            .put("input_tokens", Math.ceilDiv(request.body().length, CHARACTERS_PER_TOKEN)));
  }

  private Reply models(Request request) {
    allow(request);
    ObjectNode body = Json.object();
    ArrayNode data = body.putArray("data");
    for (String id : ModelCatalog.ids()) {
      data.addObject()
          .put("type", "model")
          .put("id", id)
          .put("display_name", id)
          .put("created_at", "2026-01-01T00:00:00Z");
    }
    body.put("has_more", false)
        .put("first_id", ModelCatalog.ids().getFirst())
        .put("last_id", ModelCatalog.ids().getLast());
    return Reply.json(body);
  }

  private static void allow(Request request) {
    request
        .caller()
        .require(Permission.USE_MODELS, "You do not have permission to query this model.");
  }

  private static Reply unknownModel(String id) {
    return error(
        404,
        "not_found_error",
        "model: %s is not served by this workspace; it serves %s"
            .formatted(id, String.join(", ", ModelCatalog.ids())));
  }

  private static Reply error(int status, String type, String message) {
    String requestId = AnthropicWire.id("req_");
    return Reply.json(status, AnthropicWire.error(type, message, requestId))
        .header("request-id", requestId);
  }

  private static Reply stream(Answer answer, String model) {
    List<Event> events = AnthropicWire.events(answer, model);
    if (answer.delivery() instanceof Delivery.Cut) {
      String sent = events.stream().map(Event::text).collect(Collectors.joining());
      return new Reply(200, Map.of(), new Reply.Body.Broken("text/event-stream", sent));
    }
    Duration pause = answer.delivery() instanceof Delivery.Paced(Duration d) ? d : Duration.ZERO;
    return Reply.stream(200, "text/event-stream", out -> write(events, pause, out))
        .header("Cache-Control", "no-cache")
        .header("request-id", AnthropicWire.id("req_"));
  }

  private static void write(List<Event> events, Duration pause, OutputStream out)
      throws IOException, InterruptedException {
    for (Event event : events) {
      out.write(event.text().getBytes(StandardCharsets.UTF_8));
      if (!pause.isZero() && event.name().equals("content_block_delta")) {
        out.flush();
        Thread.sleep(pause);
      }
    }
    out.flush();
  }

  private static String beginning(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= NOTED_PROMPT ? line : line.substring(0, NOTED_PROMPT);
  }
}
