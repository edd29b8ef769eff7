package dev.ucode.sandbox.fault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.ApiException;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.http.Mishap;
import dev.ucode.sandbox.http.Mishaps;
import dev.ucode.sandbox.http.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are switched on, in the order they came. The first that strikes a request decides
 * what befalls it. They do not outlive the server.
 */
public final class Faults implements Mishaps {
  private final List<Fault> faults = new ArrayList<>();
  private long last;

  /**
   * Switches a fault on; see {@link Fault} for its fields.
   *
   * @return its description with its id
   * @throws ApiException 400 where something of it makes no sense
   */
  public synchronized ObjectNode add(ObjectNode wish) {
    Fault fault = new Fault(Long.toString(last + 1), wish);
    last++;
    faults.add(fault);
    return fault.json();
  }

  /**
   * Switches a fault off.
   *
   * @throws ApiException 404 where there is none of that id
   */
  public synchronized void remove(String id) {
    if (!faults.removeIf(fault -> fault.id.equals(id))) {
      throw ApiException.missing("No fault has the id " + id + ".");
    }
  }

  /** Switches all off. */
  public synchronized void clear() {
    faults.clear();
  }

  /** All of them, with how often each struck. */
  public synchronized ArrayNode json() {
    ArrayNode list = Json.array();
    faults.forEach(fault -> list.add(fault.json()));
    return list;
  }

  @Override
  public synchronized @Nullable Mishap next(Request request) {
    for (Fault fault : faults) {
      Mishap mishap = fault.strike(request);
      if (mishap != null) {
        return mishap;
      }
    }
    return null;
  }
}
