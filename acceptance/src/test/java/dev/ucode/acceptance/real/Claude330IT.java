package dev.ucode.acceptance.real;

import java.util.Map;

/** Claude Code 2.1.330: subagents run in the background, and their end is a turn of its own. */
class Claude330IT extends ClaudeScenarios {
  private static final String SUBAGENT =
      """
        tool_Agent
          subagent_general-purpose
            llm 1200/50
            tool_Bash
            llm 1300/40
      """;

  private static final String NOTIFIED =
      """
      claude_code_conversation
        llm 1400/40
      """;

  Claude330IT() {
    super(
        "330",
        Map.of(
            "sub",
            """
            claude_code_conversation
              llm 1200/50
            """
                + SUBAGENT
                + "  llm 1300/40\n"
                + NOTIFIED,
            "sub2",
            """
            claude_code_conversation
              llm 1200/60
            """
                + SUBAGENT
                + SUBAGENT
                + "  llm 1300/40\n"
                + NOTIFIED));
  }
}
