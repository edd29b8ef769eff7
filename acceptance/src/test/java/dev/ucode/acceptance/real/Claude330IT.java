package dev.ucode.acceptance.real;

import java.util.Map;

/** Claude Code 2.1.330: subagents run in the background, and their end is a turn of its own. */
class Claude330IT extends ClaudeScenarios {
  Claude330IT() {
    super(
        "330",
        Map.ofEntries(
            Map.entry(
                "simple",
                """
                claude_code_conversation
                  llm 1200/40
                """),
            Map.entry(
                "simple-2",
                """
                claude_code_conversation
                  llm 1600/40
                """),
            Map.entry(
                "think",
                """
                claude_code_conversation
                  llm 1200/40
                """),
            Map.entry(
                "unicode",
                """
                claude_code_conversation
                  llm 1200/40
                """),
            Map.entry(
                "tools",
                """
                claude_code_conversation
                  llm 1200/50
                  tool_Bash
                  llm 1300/50
                  tool_Write
                  llm 1400/50
                  tool_Edit
                  llm 1500/40
                """),
            Map.entry(
                "parallel",
                """
                claude_code_conversation
                  llm 1200/60
                  tool_Bash
                  tool_Bash
                  llm 1300/40
                """),
            Map.entry(
                "toolfail",
                """
                claude_code_conversation
                  llm 1200/50
                  tool_Bash ERROR [exception]
                  llm 1300/40
                """),
            Map.entry(
                "sub",
                """
                claude_code_conversation
                  llm 1200/50
                  tool_Agent
                    subagent_general-purpose
                      llm 1200/50
                      tool_Bash
                      llm 1300/40
                  llm 1300/40
                claude_code_conversation
                  llm 1400/40
                """)));
  }
}
