package dev.ucode.acceptance.real;

import java.util.Map;

/** Claude Code 2.1.197: the turn waits for its subagents. */
class Claude197IT extends ClaudeScenarios {
  private static final String SUBAGENT =
      """
        tool_Agent
          subagent_general-purpose
            llm 1200/50
            tool_Bash
            llm 1300/40
      """;

  Claude197IT() {
    super(
        "197",
        Map.of(
            "sub",
            """
            claude_code_conversation
              llm 1200/50
            """
                + SUBAGENT
                + "  llm 1300/40\n",
            "sub2",
            """
            claude_code_conversation
              llm 1200/60
            """
                + SUBAGENT
                + SUBAGENT
                + "  llm 1300/40\n"));
  }
}
