package dev.ucode.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ucode.name.AgentId;
import dev.ucode.name.SessionId;
import dev.ucode.os.Steps;
import dev.ucode.store.Store;
import dev.ucode.store.StoreContract;
import dev.ucode.store.StoreFailure;
import dev.ucode.store.Views;
import dev.ucode.trace.SampleTraces;
import dev.ucode.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  protected Store open() {
    return SqliteStore.open(file());
  }

  private Path file() {
    return folder.resolve("store/ucode.db");
  }

  @Test
  void theFileAndItsLogAreForTheOwnerAlone() throws Exception {
    store.sessions().put(session("s1"));
    try (var files = Files.list(folder.resolve("store"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSizeGreaterThan(1);
      for (Path one : all) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
            .as(one.toString())
            .isEqualTo("rw-------");
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void whatWasStoredIsThereForTheNextProcess() {
    Trace trace = SampleTraces.turn("p1", 2);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    store.close();
    store = open();
    assertThat(store.views().trace(trace.id())).isEqualTo(trace);
    assertThat(parcel(trace).spans()).hasSize(4);
  }

  @Test
  void aHarvestThatDiesInTheMiddleLeavesNothing() {
    store.close();
    Trace trace = SampleTraces.turn("p1", 2);
    List<String> reached = new ArrayList<>();
    Steps dies =
        step -> {
          reached.add(step);
          if (step.equals("harvest.written")) {
            throw new IllegalStateException("dead");
          }
        };
    try (Store dying = SqliteStore.open(file(), dies)) {
      assertThatThrownBy(() -> dying.sessions().harvest(harvest(session("s1"), closed(trace))))
          .hasMessage("dead");
      assertThat(dying.known().contains(trace.id())).isFalse();
    }
    assertThat(reached).contains("harvest.written").doesNotContain("harvest.committed");
    store = open();
    assertThat(store.sessions().find(AgentId.CLAUDE, new SessionId("s1"))).isNull();
    assertThat(store.known().contains(trace.id())).isFalse();
    assertThat(store.outbox().destinations()).isEmpty();
  }

  @Test
  void oneWritesWhileOthersRead() throws Exception {
    Trace trace = SampleTraces.turn("p1", 2);
    store.sessions().harvest(harvest(session("s1"), closed(trace)));
    try (Store reader = Objects.requireNonNull(SqliteStore.openToRead(file()))) {
      assertThat(reader.views().trace(trace.id())).isEqualTo(trace);
      store.sessions().harvest(harvest(session("s1"), closed(SampleTraces.turn("p2", 0))));
      assertThat(reader.views().deliveries().getFirst().accepted()).isEqualTo(2);
      assertThatThrownBy(() -> reader.sessions().put(session("s3")))
          .isInstanceOfSatisfying(
              StoreFailure.class, e -> assertThat(e.kind()).isEqualTo(StoreFailure.Kind.READ_ONLY));
    }
  }

  @Test
  void threadsAndConnectionsTakeTurns() throws Exception {
    try (Store other = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Trace trace = SampleTraces.turn("p" + i, 3);
        Store mine = i % 2 == 0 ? store : other;
        work.add(
            () -> {
              mine.sessions().harvest(harvest(session("s" + trace.id()), closed(trace)));
              return null;
            });
      }
      for (var done : threads.invokeAll(work)) {
        done.get();
      }
    }
    assertThat(store.views().deliveries().getFirst().accepted()).isEqualTo(40);
    assertThat(store.views().traces(new Views.TraceQuery(null, null, 100))).hasSize(40);
  }

  @Test
  void thereIsNothingToReadBeforeAnythingWasStored() throws Exception {
    assertThat(SqliteStore.openToRead(folder.resolve("none.db"))).isNull();
    Path empty = Files.createFile(folder.resolve("empty.db"));
    assertThat(SqliteStore.openToRead(empty)).isNull();
  }

  @Test
  void aFileOfALaterVersionIsLeftAlone() throws Exception {
    store.close();
    try (Connection later = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = later.createStatement()) {
      statement.execute("PRAGMA user_version = 999");
    }
    byte[] before = Files.readAllBytes(file());
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            StoreFailure.class, e -> assertThat(e.kind()).isEqualTo(StoreFailure.Kind.TOO_NEW));
    assertThatThrownBy(() -> SqliteStore.openToRead(file())).isInstanceOf(StoreFailure.class);
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
  }

  @Test
  void somethingElseInItsPlaceIsNotTouched() throws Exception {
    store.close();
    Path other = folder.resolve("other.db");
    Files.writeString(
        other, "these are my notes, and they are long enough to be looked at\n".repeat(20));
    String before = Files.readString(other);
    assertThatThrownBy(() -> SqliteStore.open(other))
        .isInstanceOfSatisfying(
            StoreFailure.class, e -> assertThat(e.kind()).isEqualTo(StoreFailure.Kind.DAMAGED));
    assertThat(other).hasContent(before);
  }

  @Test
  void withoutAFolderToWriteIntoItSaysSo() throws Exception {
    Path notAFolder = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> SqliteStore.open(notAFolder.resolve("ucode.db")))
        .isInstanceOfSatisfying(
            StoreFailure.class,
            e -> {
              assertThat(e.kind()).isEqualTo(StoreFailure.Kind.READ_ONLY);
              assertThat(e.problem().fix()).isNotEmpty();
            });
  }

  @Test
  void aFullDiskIsToldAndNothingIsHalfDone() {
    store.close();
    try (Database small = Database.open(file(), Steps.UNWATCHED)) {
      SqliteSessions sessions = new SqliteSessions(small);
      // To SQLite, its limit of pages and the end of the disk are one error.
      small.read(() -> small.prepared("PRAGMA max_page_count = 60").execute());
      Trace large = SampleTraces.turn("p", 2000);
      assertThatThrownBy(() -> sessions.harvest(harvest(session("s1"), closed(large))))
          .isInstanceOfSatisfying(
              StoreFailure.class, e -> assertThat(e.kind()).isEqualTo(StoreFailure.Kind.FULL));
      assertThat(sessions.find(AgentId.CLAUDE, new SessionId("s1"))).isNull();
      sessions.harvest(harvest(session("s1"), closed(SampleTraces.turn("p", 1))));
      assertThat(sessions.find(AgentId.CLAUDE, new SessionId("s1"))).isNotNull();
    }
    store = open();
    assertThat(store.views().trace(SampleTraces.turn("p", 1).id()))
        .isEqualTo(SampleTraces.turn("p", 1));
  }
}
