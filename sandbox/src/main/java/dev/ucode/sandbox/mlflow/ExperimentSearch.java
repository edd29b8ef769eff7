package dev.ucode.sandbox.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Filters, orders and pages experiments. */
final class ExperimentSearch {
  /** The platform's limit on a page. */
  private static final int MAX_PAGE = 1000;

  private ExperimentSearch() {}

  /**
   * The page that a search request asks for.
   *
   * @param body {@code filter, max_results, page_token, order_by, view_type}
   */
  static Page<Experiment> run(List<Experiment> all, ObjectNode body) {
    int size = body.path("max_results").asInt(MAX_PAGE);
    if (size < 1) {
      throw ApiException.invalid("Invalid value for 'max_results': must be positive.");
    }
    Filter filter = Filter.parse(Json.text(body, "filter"));
    String view = Json.text(body, "view_type", "ACTIVE_ONLY");
    List<Experiment> found = new ArrayList<>();
    for (Experiment experiment : all) {
      if (visible(experiment, view)
          && filter.conditions().stream().allMatch(condition -> test(experiment, condition))) {
        found.add(experiment);
      }
    }
    found.sort(order(body));
    return Page.of(found, Math.min(size, MAX_PAGE), Json.text(body, "page_token"));
  }

  private static boolean visible(Experiment experiment, String view) {
    return switch (view) {
      case "ACTIVE_ONLY" -> experiment.active();
      case "DELETED_ONLY" -> !experiment.active();
      case "ALL" -> true;
      default -> throw ApiException.invalid("Invalid view_type: " + view);
    };
  }

  private static boolean test(Experiment experiment, Filter.Condition condition) {
    return switch (condition.entity()) {
      case "", "attribute", "attributes", "attr" ->
          switch (condition.name().toLowerCase(Locale.ROOT)) {
            case "name" -> condition.test(experiment.name());
            case "experiment_id" -> condition.test(experiment.id());
            case "creation_time" -> condition.test(experiment.createdMs());
            case "last_update_time" -> condition.test(experiment.updatedMs());
            default -> throw unknown(condition);
          };
      case "tag", "tags" -> condition.test(experiment.tags().get(condition.name()));
      default -> throw unknown(condition);
    };
  }

  private static ApiException unknown(Filter.Condition condition) {
    return ApiException.invalid(
        "Invalid attribute key '"
            + condition.entity()
            + (condition.entity().isEmpty() ? "" : ".")
            + condition.name()
            + "' specified. Valid keys are name, experiment_id, creation_time, last_update_time"
            + " and tags.<key>");
  }

  private static Comparator<Experiment> order(ObjectNode body) {
    Comparator<Experiment> order = null;
    for (JsonNode clause : body.path("order_by")) {
      String[] words = clause.asText().strip().split("\\s+", -1);
      Comparator<Experiment> by = comparator(words[0].replace("`", ""));
      if (words.length > 1 && words[1].equalsIgnoreCase("DESC")) {
        by = by.reversed();
      }
      order = order == null ? by : order.thenComparing(by);
    }
    Comparator<Experiment> newest =
        Comparator.comparingLong(Experiment::updatedMs).reversed().thenComparing(Experiment::id);
    return order == null ? newest : order.thenComparing(newest);
  }

  private static Comparator<Experiment> comparator(String key) {
    return switch (key.substring(key.indexOf('.') + 1)) {
      case "name" -> Comparator.comparing(Experiment::name);
      case "experiment_id" -> Comparator.comparing(Experiment::id);
      case "creation_time" -> Comparator.comparingLong(Experiment::createdMs);
      case "last_update_time" -> Comparator.comparingLong(Experiment::updatedMs);
      default -> throw ApiException.invalid("Invalid order_by key: " + key);
    };
  }
}
