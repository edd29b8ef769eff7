package dev.ucode.sandbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.sandbox.http.Json;
import org.junit.jupiter.api.Test;

class ConversationTest {

  @Test
  void thePromptIsWhatThePersonSaidWithoutRemindersAroundIt() throws BadRequest {
    Conversation conversation =
        new RequestBuilder()
            .user("<system-reminder>\nSCN:think is not it\n</system-reminder>", "SCN:tools please")
            .system("# Environment\n - Primary working directory: /home/dev/w\n - Platform: linux")
            .conversation();

    assertThat(conversation.prompt()).isEqualTo("SCN:tools please");
    assertThat(conversation.scenario()).contains("tools");
    assertThat(conversation.step()).isZero();
    assertThat(conversation.path("a.txt")).isEqualTo("/home/dev/w/a.txt");
  }

  @Test
  void everyAnswerSinceThePromptIsAStep() throws BadRequest {
    Conversation conversation =
        new RequestBuilder()
            .user("SCN:simple earlier")
            .assistant("earlier answer")
            .user("SCN:tools please")
            .assistant("one")
            .toolResult("hello", false)
            .assistant("two")
            .toolResult("File created", false)
            .conversation();

    assertThat(conversation.scenario()).contains("tools");
    assertThat(conversation.step()).isEqualTo(2);
    assertThat(conversation.output()).isEqualTo("File created");
  }

  @Test
  void aTaskNotificationContinuesTheScenario() throws BadRequest {
    Conversation conversation =
        new RequestBuilder()
            .user("SCN:demo")
            .assistant("launched")
            .toolResult("Async agent launched successfully", false)
            .assistant("working in the background")
            .user("<task-notification>\n<status>completed</status></task-notification>")
            .conversation();

    assertThat(conversation.scenario()).contains("demo");
    assertThat(conversation.step()).isEqualTo(2);
    assertThat(conversation.results()).isEmpty();
    assertThat(conversation.machineText()).hasSize(1);
  }

  @Test
  void aNewPromptWithoutAScenarioLeavesTheOldOne() throws BadRequest {
    Conversation conversation =
        new RequestBuilder()
            .user("SCN:tools please")
            .assistant("done")
            .user("and what is in the README?")
            .conversation();

    assertThat(conversation.scenario()).isEmpty();
    assertThat(conversation.step()).isZero();
  }

  @Test
  void whatIsNotAMessagesRequestIsRefusedWithTheFieldsName() {
    assertThatThrownBy(() -> MessagesRequest.parse(Json.parse("{\"messages\":[]}")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("model");
    assertThatThrownBy(() -> MessagesRequest.parse(Json.parse("{\"model\":\"m\"}")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("messages");
    assertThatThrownBy(
            () ->
                MessagesRequest.parse(
                    Json.parse(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("messages.0.role");
    assertThatThrownBy(
            () ->
                MessagesRequest.parse(
                    Json.parse("{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("messages.0.content");
  }
}
