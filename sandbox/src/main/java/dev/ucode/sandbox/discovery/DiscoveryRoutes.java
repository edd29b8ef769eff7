package dev.ucode.sandbox.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Permission;
import dev.ucode.sandbox.http.Reply;
import dev.ucode.sandbox.http.Request;
import dev.ucode.sandbox.http.Router;
import dev.ucode.sandbox.http.Routes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Model listings: {@code /api/2.1/unity-catalog/model-services} (paged), {@code
 * /api/ai-gateway/v2/endpoints}, {@code /api/2.0/serving-endpoints:foundation-models}, and the
 * empty list of model provider services.
 */
public final class DiscoveryRoutes implements Routes {
  /** The most the platform gives on a page. */
  private static final int MAX_PAGE = 100;

  private final List<Model> models;

  /** A model: its name without prefix, and the API dialect it speaks. */
  public record Model(String name, String apiType) {}

  public DiscoveryRoutes(List<Model> models) {
    this.models = List.copyOf(models);
  }

  @Override
  public void register(Router router) {
    router.get("/api/2.1/unity-catalog/model-services", this::modelServices);
    router.get("/api/2.1/unity-catalog/model-provider-services", this::providers);
    router.get("/api/ai-gateway/v2/endpoints", this::endpoints);
    router.get("/api/2.0/serving-endpoints:foundation-models", this::foundationModels);
  }

  private Reply modelServices(Request request) {
    lister(request);
    if (request.query("page_size") == null) {
      // What the platform does here: its own listing runs into a limit.
      return Reply.bytes(499, "application/json", new byte[0]);
    }
    String parent = request.query("parent");
    if (parent != null && !parent.equals("schemas/system.ai")) {
      throw new ApiException(404, "SCHEMA_DOES_NOT_EXIST", "'" + parent + "' does not exist.");
    }
    return page(
        request,
        "model_services",
        model -> {
          ObjectNode one = Json.object().put("name", "model-services/system.ai." + model.name());
          one.put("display_name", model.name());
          return one;
        });
  }

  private Reply providers(Request request) {
    lister(request);
    return Reply.json(Json.object());
  }

  private Reply endpoints(Request request) {
    lister(request);
    return page(
        request,
        "endpoints",
        model -> Json.object().put("name", "databricks-" + model.name()).put("state", "READY"));
  }

  private Reply foundationModels(Request request) {
    lister(request);
    ObjectNode reply = Json.object();
    ArrayNode list = reply.putArray("endpoints");
    for (Model model : models) {
      ObjectNode one = list.addObject().put("name", "databricks-" + model.name());
      ObjectNode served =
          one.putObject("config")
              .putArray("served_entities")
              .addObject()
              .put("ai_gateway_v2_supported", true);
      served
          .putObject("foundation_model")
          .put("name", "system.ai." + model.name())
          .putArray("api_types")
          .add(model.apiType());
    }
    return Reply.json(reply);
  }

  private interface ModelJson {
    ObjectNode of(Model model);
  }

  private Reply page(Request request, String name, ModelJson json) {
    int size = Math.clamp(request.query("page_size", MAX_PAGE), 1, MAX_PAGE);
    int from = offset(request.query("page_token"));
    int end = Math.min(from + size, models.size());
    ObjectNode reply = Json.object();
    List<ObjectNode> found = new ArrayList<>();
    models.subList(Math.min(from, models.size()), end).forEach(model -> found.add(json.of(model)));
    Consumer<ObjectNode> add = reply.putArray(name)::add;
    found.forEach(add);
    if (end < models.size()) {
      reply.put(
          "next_page_token",
          Base64.getUrlEncoder()
              .encodeToString(Integer.toString(end).getBytes(StandardCharsets.UTF_8)));
    }
    return Reply.json(reply);
  }

  private static int offset(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return 0;
    }
    try {
      return Integer.parseInt(
          new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("Invalid page token.");
    }
  }

  private static void lister(Request request) {
    request
        .caller()
        .require(
            Permission.LIST_MODELS,
            "User does not have USE CATALOG on Catalog 'system' and USE SCHEMA on Schema"
                + " 'system.ai'.");
  }
}
