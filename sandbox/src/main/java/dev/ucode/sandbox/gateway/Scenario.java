package dev.ucode.sandbox.gateway;

/** One way for the model to behave, whatever the agent. */
@FunctionalInterface
public interface Scenario {

  /** What the model does at this point of a conversation. */
  Move move(Conversation conversation);
}
