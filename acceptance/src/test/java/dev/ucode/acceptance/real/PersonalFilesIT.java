package dev.ucode.acceptance.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the person's stays the person's: their files byte for byte, their hooks firing. */
@Tag("real")
class PersonalFilesIT {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  /** Comments, odd indentation, no line end: whatever writes this file anew changes it. */
  private static String oddSettings(Path log) {
    return """
    // mine, do not touch
    {
       "hooks" : {  /* my own */
     "Stop": [ { "hooks": [ {"type":"command",
            "command":"echo mine >> %s" } ] } ],
    },
          "env": {"MY_OWN":"yes"},   "includeCoAuthoredBy":false
    }\
    """
        .formatted(log);
  }

  @ParameterizedTest
  @ValueSource(strings = {"330", "197"})
  void configureASessionAndRevertLeaveTheHomeAsItWas(String version) {
    try (World world = World.start(folder, version, null)) {
      Person person = world.person();
      person.write(".claude/settings.json", oddSettings(folder.resolve("mine.log")));
      person.write(".claude/CLAUDE.md", "Be brief.\n");
      person.write(".claude.json", "{\"hasCompletedOnboarding\":true}");
      Map<String, String> before = person.files(".");

      person.configured();
      assertThat(withoutOurs(person.files("."))).as("after configure").isEqualTo(before);

      String session = UUID.randomUUID().toString();
      person.turn("SCN:tools please", "--session-id", session).expect(0);
      world.traces(session, 1);
      Map<String, String> after = person.files(".");
      for (String name : List.of(".claude/settings.json", ".claude/CLAUDE.md", ".databrickscfg")) {
        assertThat(after.get(name)).as(name + " after a session").isEqualTo(before.get(name));
      }

      person.ucode("revert").expect(0);
      Map<String, String> reverted = person.files(".");
      for (String name : List.of(".claude/settings.json", ".claude/CLAUDE.md", ".databrickscfg")) {
        assertThat(reverted.get(name)).as(name + " after revert").isEqualTo(before.get(name));
      }
      // Claude itself has written its sessions; what we made outside of our folder is gone.
      assertThat(reverted.keySet())
          .filteredOn(name -> name.toLowerCase(java.util.Locale.ROOT).contains("ucode"))
          .filteredOn(name -> !name.startsWith(".ucode/"))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"330", "197"})
  void hooksOfTheirOwnFireBesideOurs(String version) throws Exception {
    try (World world = World.start(folder, version, null)) {
      Person person = world.person();
      Path log = folder.resolve("hooks.log");
      person.write(
          ".claude/settings.json",
          """
          {"hooks":{
            "UserPromptSubmit":[{"hooks":[{"type":"command","command":"echo user-prompt >> %1$s"}]}],
            "Stop":[{"hooks":[{"type":"command","command":"echo user-stop >> %1$s"}]}]}}
          """
              .formatted(log));
      Path own = folder.resolve("own.json");
      Files.writeString(
          own,
          """
          {"hooks":{"Stop":[{"hooks":[{"type":"command","command":"echo settings-stop >> %s"}]}]},
           "env":{"FROM_MY_SETTINGS":"yes"}}
          """
              .formatted(log));
      person.configured();
      String session = UUID.randomUUID().toString();
      Program turn =
          person.claude(
              "SCN:slowtool please", "--session-id", session, "--settings", own.toString());
      Until.holds("the agent runs", World.SOON, () -> turn.out().contains("tool_use"));
      for (long pid : person.processes()) {
        assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline")))
            .as("no settings and no token on a command line")
            .doesNotContain("FROM_MY_SETTINGS")
            .doesNotContain(world.sandbox().token());
      }
      turn.signal("INT");
      turn.ended(World.SOON);
      person.turn("SCN:simple again", "--resume", session, "--settings", own.toString()).expect(0);
      world.traces(session, 2);
      // An interrupted turn has no Stop.
      assertThat(Files.readAllLines(log))
          .containsExactlyInAnyOrder("user-prompt", "user-prompt", "user-stop", "settings-stop");
      assertThat(Files.readString(own)).contains("FROM_MY_SETTINGS");
    }
  }

  @Test
  void aDryRunChangesNothing() {
    try (World world = World.start(folder, "330", null)) {
      Person person = world.person();
      person.write(".claude/settings.json", oddSettings(folder.resolve("mine.log")));
      Map<String, String> before = person.files(".");
      person
          .ucode(
              "configure",
              "--agents",
              "claude",
              "--profiles",
              "sandbox",
              "--tracing",
              "--skip-validate",
              "--dry-run")
          .expect(0);
      assertThat(person.files(".")).isEqualTo(before);
      person.configured();
      Map<String, String> configured = person.files(".");
      person.ucode("configure", "tracing", "--disable", "--dry-run").expect(0);
      assertThat(person.files(".")).isEqualTo(configured);
    }
  }

  private static Map<String, String> withoutOurs(Map<String, String> files) {
    Map<String, String> rest = new TreeMap<>(files);
    rest.keySet().removeIf(name -> name.startsWith(".ucode/"));
    return rest;
  }
}
