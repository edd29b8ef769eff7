package dev.ucode;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.ucode.Rooms.Room;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the house of {@link Rooms}: who may use whom, and where the world may be touched. */
class ArchitectureTest {
  private static final String BASE = Rooms.BASE;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages(BASE);

  @Test
  void everyPackageIsARoom() {
    assertThat(packages())
        .as("packages without a row in Rooms.PLAN")
        .allSatisfy(name -> assertThat(Rooms.of(name)).as(name).isPresent());
  }

  @Test
  void roomsUseOnlyWhatThePlanAllows() {
    var violations = new TreeSet<String>();
    for (JavaClass user : CLASSES) {
      Room room = Rooms.of(user.getPackageName()).orElse(null);
      if (room == null) {
        continue; // reported by everyPackageIsARoom
      }
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        Room used = Rooms.of(target.getPackageName()).orElse(null);
        if (used == null || used.equals(room) || room.uses().contains(used.name())) {
          continue;
        }
        if (isTheListOfAgents(user) && used.name().startsWith("agent.")) {
          continue;
        }
        violations.add(
            "room '%s' may not use room '%s': %s"
                .formatted(room.name(), used.name(), dependency.getDescription()));
      }
    }
    assertThat(violations).as("see Rooms.PLAN").isEmpty();
  }

  @Test
  void thePlanItselfOnlyLooksDown() {
    for (Room room : Rooms.all()) {
      for (String used : room.uses()) {
        Room target = Rooms.of(BASE + "." + used).orElseThrow();
        assertThat(target.layer()).as(room + " uses " + target).isLessThanOrEqualTo(room.layer());
      }
    }
  }

  @Test
  void roomsFormNoCycle() {
    slices()
        .matching(BASE + ".(*)..")
        .namingSlices("room '$1'")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @TestFactory
  Stream<DynamicTest> librariesStayInTheirRoom() {
    return Stream.of(
            confined("picocli", "picocli..", "cli"),
            confined("JDBC", "java.sql..", "store.sqlite"),
            confined("JDBC extensions", "javax.sql..", "store.sqlite"),
            confined("SQLite", "org.sqlite..", "store.sqlite"),
            confined("Jackson", "com.fasterxml.jackson..", "json"),
            confined("RE2/J", "com.google.re2j..", "redact"),
            confined("TOML", "org.tomlj..", "config"),
            confined("HTTP client", "java.net.http..", "http"),
            confined("HTTP server", "com.sun.net.httpserver..", "web", "mcp", "relay", "workspace"))
        .map(ArchitectureTest::named);
  }

  @TestFactory
  Stream<DynamicTest> theWorldIsTouchedInFewPlaces() {
    return Stream.of(
            calls("System.exit and halt", "", target("java.lang.System", "exit")),
            calls("Runtime.exit and halt", "", target("java.lang.Runtime", "exit", "halt")),
            calls("Runtime.exec", "os", target("java.lang.Runtime", "exec")),
            calls("environment variables", "os", target("java.lang.System", "getenv")),
            calls("a process builder", "os", target("java.lang.ProcessBuilder", "<init>")),
            calls("standard streams", "console", target("java.lang.System", "out", "err", "in")),
            calls("the wall clock", "os", target("java.time.Instant", "now")),
            calls("the wall clock (Clock)", "os", startsWith("java.time.Clock", "system")),
            calls("the wall clock (ms)", "os", target("java.lang.System", "currentTimeMillis")),
            calls("the wall clock (local)", "os", target("java.time.LocalDateTime", "now")),
            calls("the wall clock (date)", "os", target("java.time.LocalDate", "now")),
            calls("the wall clock (zoned)", "os", target("java.time.ZonedDateTime", "now")),
            calls("the wall clock (offset)", "os", target("java.time.OffsetDateTime", "now")),
            calls(
                "file writes",
                "os",
                startsWith(
                    "java.nio.file.Files",
                    "write",
                    "create",
                    "copy",
                    "move",
                    "delete",
                    "set",
                    "newOutputStream",
                    "newBufferedWriter")),
            calls("file writes (streams)", "os", target("java.io.FileOutputStream", "<init>")),
            calls("file writes (writers)", "os", target("java.io.FileWriter", "<init>")),
            calls("file writes (random)", "os", target("java.io.RandomAccessFile", "<init>")),
            calls(
                "files opened for writing",
                "os",
                target(
                    "java.nio.file.StandardOpenOption",
                    "WRITE",
                    "APPEND",
                    "CREATE",
                    "CREATE_NEW",
                    "TRUNCATE_EXISTING",
                    "DELETE_ON_CLOSE")))
        .map(ArchitectureTest::named);
  }

  @TestFactory
  Stream<DynamicTest> socketsStayInTheirRooms() {
    String[] rooms = {"http", "web", "mcp", "relay"};
    return Stream.of(
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.DatagramSocket",
            "java.net.URLConnection",
            "java.net.HttpURLConnection",
            "javax.net.ssl.HttpsURLConnection",
            "java.nio.channels.SocketChannel",
            "java.nio.channels.ServerSocketChannel",
            "java.nio.channels.DatagramChannel")
        .map(
            type ->
                named(
                    noClasses()
                        .that(areOutside(rooms))
                        .should()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName(type)
                        .as(type + " only in " + List.of(rooms))));
  }

  @TestFactory
  Stream<DynamicTest> someRoomsStandOnTheJdkAlone() {
    return Stream.of("problem", "name", "check", "trace")
        .map(
            room ->
                named(
                    noClasses()
                        .that(resideInAPackage(BASE + "." + room))
                        .should()
                        .dependOnClassesThat(
                            DescribedPredicate.not(
                                resideInAnyPackage(
                                    "java..", BASE + "..", "org.jspecify.annotations..")))
                        .as("room '" + room + "' uses no library")));
  }

  @Test
  void everyAgentIsInTheList() {
    Set<String> agents = new TreeSet<>();
    Set<String> listed = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      boolean concrete =
          !type.isInterface() && !type.getModifiers().contains(JavaModifier.ABSTRACT);
      if (concrete && type.isAssignableTo(BASE + ".agent.Agent")) {
        agents.add(type.getName());
      }
      if (isTheListOfAgents(type)) {
        type.getConstructorCallsFromSelf().forEach(c -> listed.add(c.getTargetOwner().getName()));
      }
    }
    assertThat(listed).as("agents constructed in agent.Agents").containsAll(agents);
  }

  private static boolean isTheListOfAgents(JavaClass type) {
    return type.getName().equals(BASE + ".agent.Agents");
  }

  private static Set<String> packages() {
    var names = new TreeSet<String>();
    CLASSES.forEach(type -> names.add(type.getPackageName()));
    return names;
  }

  /** Classes outside the given rooms; "" stands for {@code Main}, the only one of the root. */
  private static DescribedPredicate<JavaClass> areOutside(String... rooms) {
    return DescribedPredicate.describe(
        "are outside " + List.of(rooms),
        type ->
            Arrays.stream(rooms)
                .noneMatch(
                    room ->
                        room.isEmpty()
                            ? type.getName().equals(BASE + ".Main")
                            : type.getPackageName().equals(BASE + "." + room)));
  }

  private static ArchRule confined(String what, String library, String... rooms) {
    return noClasses()
        .that(areOutside(rooms))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .as(what + " only in " + List.of(rooms));
  }

  private static ArchRule calls(
      String what, String room, DescribedPredicate<JavaAccess<?>> access) {
    String where = room.isEmpty() ? "Main" : "room '" + room + "'";
    return noClasses()
        .that(areOutside(room))
        .should(accessing(access))
        .as(what + " only in " + where);
  }

  private static ArchCondition<JavaClass> accessing(DescribedPredicate<JavaAccess<?>> predicate) {
    return new ArchCondition<>(predicate.getDescription()) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getAccessesFromSelf().stream()
            .filter(predicate)
            .forEach(
                access ->
                    events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
      }
    };
  }

  private static DescribedPredicate<JavaAccess<?>> target(String owner, String... members) {
    Set<String> names = Set.of(members);
    return DescribedPredicate.describe(
        "access " + owner + " " + names,
        access -> owns(access, owner) && names.contains(access.getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> startsWith(String owner, String... prefixes) {
    List<String> starts = List.of(prefixes);
    return DescribedPredicate.describe(
        "access " + owner + " " + starts + "*",
        access -> owns(access, owner) && starts.stream().anyMatch(access.getName()::startsWith));
  }

  private static boolean owns(JavaAccess<?> access, String owner) {
    AccessTarget target = access.getTarget();
    return target.getOwner().getName().equals(owner);
  }

  private static DynamicTest named(ArchRule rule) {
    return DynamicTest.dynamicTest(
        rule.getDescription(), () -> rule.allowEmptyShould(true).check(CLASSES));
  }
}
