package dev.ucode.workspace.rest;

import dev.ucode.http.Deadline;
import dev.ucode.json.Json;
import dev.ucode.name.WorkspaceUrl;
import dev.ucode.problem.Problem;
import dev.ucode.problem.UserException;
import dev.ucode.workspace.ApiFailure;
import dev.ucode.workspace.ClaudeFamilies;
import dev.ucode.workspace.Discovery;
import dev.ucode.workspace.Models;
import dev.ucode.workspace.rest.RestWorkspace.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Asks the AI gateway what it serves: Unity Catalog's model services first, the older listing of
 * Anthropic models where that has none for Claude. What both say decides whether the gateway is
 * there at all.
 */
final class ModelDiscovery {
  // Without page_size the service answers 499 and nothing; without parent it walks the metastore.
  private static final String SERVICES =
      "/api/2.1/unity-catalog/model-services?parent=schemas%2Fsystem.ai&page_size=100";
  private static final String ENDPOINTS = "/api/ai-gateway/v2/endpoints?page_size=1";
  private static final String ANTHROPIC = "/ai-gateway/anthropic/v1/models";
  private static final String DOCS = "https://docs.databricks.com/aws/en/ai-gateway/overview-beta";

  private final WorkspaceUrl url;
  private final RestClient client;

  ModelDiscovery(WorkspaceUrl url, RestClient client) {
    this.url = url;
    this.client = client;
  }

  Discovery discover(Deadline deadline) throws ApiFailure {
    List<String> reasons = new ArrayList<>();
    List<String> ids = List.of();
    try {
      ids = services(deadline);
    } catch (ApiFailure v3) {
      requireGateway(v3, deadline);
      reasons.add("Unity Catalog model services: " + v3.detail());
    }
    Map<String, String> claude = ClaudeFamilies.newest(ids);
    if (!claude.isEmpty()) {
      return new Discovery(new Models(claude), reasons);
    }
    if (reasons.isEmpty()) {
      reasons.add("Unity Catalog model services: " + none(ids));
    }
    try {
      List<String> older = anthropic(deadline);
      claude = ClaudeFamilies.newest(older);
      if (claude.isEmpty()) {
        reasons.add("Anthropic models of the gateway: " + none(older));
      }
    } catch (ApiFailure e) {
      reasons.add("Anthropic models of the gateway: " + e.detail());
    }
    return new Discovery(new Models(claude), reasons);
  }

  private List<String> services(Deadline deadline) throws ApiFailure {
    TreeSet<String> ids = new TreeSet<>();
    Pages pages = new Pages();
    do {
      String token = pages.token();
      String more = token == null ? "" : "&page_token=" + RestWorkspace.encode(token);
      Json page;
      try {
        page = client.get(SERVICES + more, deadline);
      } catch (ApiFailure e) {
        if (ids.isEmpty()) {
          throw e;
        }
        break; // half a listing is better than none
      }
      for (Json service : page.items("model_services")) {
        String name = service.text("name", "");
        if (name.startsWith("model-services/")) {
          name = name.substring("model-services/".length());
        }
        if (name.startsWith("system.ai.")) {
          ids.add(name);
        }
      }
      pages.next(page);
    } while (pages.more());
    return List.copyOf(ids);
  }

  private List<String> anthropic(Deadline deadline) throws ApiFailure {
    List<String> ids = new ArrayList<>();
    for (Json model : client.get(ANTHROPIC, deadline).items("data")) {
      String id = model.text("id");
      if (id != null && !id.endsWith("-anthropic")) {
        ids.add(id);
      }
    }
    return ids;
  }

  /** The newer listing has failed: asks the older one, and says what is missing where both do. */
  private void requireGateway(ApiFailure v3, Deadline deadline) throws ApiFailure {
    if (v3.kind() == ApiFailure.Kind.UNREACHABLE || v3.kind() == ApiFailure.Kind.NOT_AN_API) {
      throw v3;
    }
    ApiFailure v2 = endpoints(deadline);
    if (v2 == null) {
      return;
    }
    String both = "model services: " + v3.detail() + "; endpoints: " + v2.detail();
    if (v3.kind() == ApiFailure.Kind.FORBIDDEN) {
      throw new UserException(
          Problem.failure(
              "no permission to see the AI gateway's models on " + url,
              both,
              "ask an admin for USE CATALOG on catalog system and USE SCHEMA on schema system.ai"));
    }
    if (v2.kind() == ApiFailure.Kind.FORBIDDEN) {
      throw new UserException(
          Problem.failure(
              "no permission to use the AI gateway on " + url,
              both,
              "ask an admin for permission to query the gateway's endpoints"));
    }
    if (v3.kind() == ApiFailure.Kind.UNAVAILABLE || v2.kind() == ApiFailure.Kind.UNAVAILABLE) {
      throw v3.kind() == ApiFailure.Kind.UNAVAILABLE ? v3 : v2;
    }
    throw new UserException(
        Problem.failure(
            "the AI gateway is not enabled on " + url, both, "ask an admin to enable it: " + DOCS));
  }

  private @Nullable ApiFailure endpoints(Deadline deadline) {
    try {
      client.get(ENDPOINTS, deadline);
      return null;
    } catch (ApiFailure e) {
      return e;
    }
  }

  private static String none(List<String> ids) {
    return ids.isEmpty()
        ? "none listed"
        : "no Claude model among " + ids.size() + ", e.g. " + String.join(", ", first(ids));
  }

  private static List<String> first(List<String> ids) {
    return ids.subList(0, Math.min(5, ids.size()));
  }
}
