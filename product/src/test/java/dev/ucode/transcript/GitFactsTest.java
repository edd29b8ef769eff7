package dev.ucode.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitFactsTest {
  private static final String A = "a".repeat(40);
  private static final String B = "b".repeat(40);
  private static final String ZERO = "0".repeat(40);
  private static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");

  @TempDir Path folder;

  @Test
  void theCommitIsTheOneCheckedOutAtThatMoment() throws IOException {
    Path tree = tree("");
    log(tree.resolve(".git"), line(ZERO, A, NINE) + line(A, B, NINE.plusSeconds(60)));
    GitFacts git = new GitFacts();
    String inside = Files.createDirectories(tree.resolve("src/main")).toString();
    assertThat(git.at(inside, NINE.minusSeconds(1)).commit()).isNull();
    assertThat(git.at(inside, NINE).commit()).isEqualTo(A);
    assertThat(git.at(inside, NINE.plusSeconds(59)).commit()).isEqualTo(A);
    assertThat(git.at(inside, NINE.plusMillis(60_500)).commit()).isEqualTo(B);
  }

  @Test
  void aLongLogIsReadFromItsEnd() throws IOException {
    Path tree = tree("");
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      String to = "%040x".formatted(i + 1);
      log.append(line("%040x".formatted(i), to, NINE.plusSeconds(i)));
    }
    log(tree.resolve(".git"), log.toString());
    GitFacts git = new GitFacts();
    for (int i : new int[] {0, 1, 777, 1999}) {
      assertThat(git.at(tree.toString(), NINE.plusSeconds(i)).commit())
          .isEqualTo("%040x".formatted(i + 1));
    }
  }

  @Test
  void aWorktreeHasALogOfItsOwnAndTheRemoteOfAll() throws IOException {
    Path main = tree("[remote \"origin\"]\n\turl = https://host/x.git\n");
    Path own = Files.createDirectories(main.resolve(".git/worktrees/w"));
    Files.writeString(own.resolve("commondir"), "../..\n");
    log(own, line(ZERO, B, NINE));
    Path work = Files.createDirectories(folder.resolve("w"));
    Files.writeString(work.resolve(".git"), "gitdir: " + own + "\n");
    assertThat(new GitFacts().at(work.toString(), NINE))
        .isEqualTo(new GitFacts.Found(B, "https://host/x.git"));
  }

  @Test
  void theRemoteIsOriginOrTheOnlyOneWithoutCredentials() throws IOException {
    Path tree =
        tree(
            """
            [core]
            \turl = no
            [remote "fork"]
            \turl = https://f/x
            [remote "origin"]
            \turl = https://me:s3cret@host/x.git
            """);
    assertThat(new GitFacts().at(tree.toString(), NINE).remote()).isEqualTo("https://host/x.git");
    assertThat(GitFacts.withoutCredentials("https://token@host/x")).isEqualTo("https://host/x");
    assertThat(GitFacts.withoutCredentials("https://a:p@ss/w@host/x")).doesNotContain("p@ss");
    assertThat(GitFacts.withoutCredentials("https://u:p%40@host:8443/x?a=b@c"))
        .isEqualTo("https://host:8443/x?a=b@c");
    assertThat(GitFacts.withoutCredentials("git@host:me/x.git")).isEqualTo("git@host:me/x.git");
    assertThat(GitFacts.withoutCredentials("https://host/x@y")).isEqualTo("https://host/x@y");
  }

  @Test
  void whatIsMissingOrOddSaysNothing() throws IOException {
    GitFacts git = new GitFacts();
    assertThat(git.at(null, NINE)).isEqualTo(GitFacts.Found.NOTHING);
    assertThat(git.at("relative", NINE)).isEqualTo(GitFacts.Found.NOTHING);
    assertThat(git.at(folder.resolve("gone").toString(), NINE).commit()).isNull();
    assertThat(git.at("C:\\somewhere\\else", NINE)).isEqualTo(GitFacts.Found.NOTHING);
    Path tree = tree("");
    log(tree.resolve(".git"), "not a log\n\n" + A + " " + B + "\n");
    assertThat(git.at(tree.toString(), NINE)).isEqualTo(GitFacts.Found.NOTHING);
    Path work = Files.createDirectories(folder.resolve("w"));
    Files.writeString(work.resolve(".git"), "something else");
    assertThat(git.at(work.toString(), NINE)).isEqualTo(GitFacts.Found.NOTHING);
  }

  private Path tree(String config) throws IOException {
    Path tree = Files.createDirectories(folder.resolve("t"));
    Files.createDirectories(tree.resolve(".git/logs"));
    Files.writeString(tree.resolve(".git/config"), config);
    return tree;
  }

  private static void log(Path git, String text) throws IOException {
    Files.createDirectories(git.resolve("logs"));
    Files.writeString(git.resolve("logs/HEAD"), text);
  }

  private static String line(String from, String to, Instant at) {
    return "%s %s A U Thor <a@b> %d +0100\tcommit: something\n"
        .formatted(from, to, at.getEpochSecond());
  }
}
