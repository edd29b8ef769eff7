package dev.ucode.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ucode.sandbox.http.Json;
import dev.ucode.sandbox.identity.OAuthClients;
import dev.ucode.sandbox.identity.Tokens;
import dev.ucode.sandbox.state.StartingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What opens a sandbox, in the clear: kept in {@code credentials.json}, which only its owner can
 * read. The database holds hashes.
 *
 * @param token personal access token of a user who may do everything the starting state allows
 * @param strangerToken personal access token of a user without any permission
 * @param clientId of the service principal's OAuth client
 * @param clientSecret of the service principal's OAuth client
 * @param adminToken opens {@code /sandbox/...} and nothing else
 */
record Credentials(
    String token, String strangerToken, String clientId, String clientSecret, String adminToken) {

  static final String FILE = "credentials.json";

  /** New ones, made known to the database. */
  static Credentials create(Connection connection) throws SQLException {
    OAuthClients.Client client = OAuthClients.create(connection, StartingState.PRINCIPAL_ID);
    return new Credentials(
        Tokens.newPersonal(connection, StartingState.DEVELOPER_ID),
        Tokens.newPersonal(connection, StartingState.STRANGER_ID),
        client.id(),
        client.secret(),
        Tokens.newAdmin());
  }

  /** Those of a data folder. */
  static Credentials read(Path folder) throws IOException {
    JsonNode json = Json.parse(Files.readString(folder.resolve(FILE)));
    return new Credentials(
        json.path("token").asText(),
        json.path("stranger_token").asText(),
        json.path("client_id").asText(),
        json.path("client_secret").asText(),
        json.path("admin_token").asText());
  }

  void write(Path folder) throws IOException {
    PrivateFiles.write(folder.resolve(FILE), Json.write(json()) + "\n");
  }

  ObjectNode json() {
    return Json.object()
        .put("token", token)
        .put("stranger_token", strangerToken)
        .put("client_id", clientId)
        .put("client_secret", clientSecret)
        .put("admin_token", adminToken);
  }

  @Override
  public String toString() {
    return "Credentials[***]";
  }
}
