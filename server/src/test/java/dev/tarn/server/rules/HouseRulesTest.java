package dev.tarn.server.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of the house that the modules' POMs cannot check. */
class HouseRulesTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("testkit"))
          .importPackages("dev.tarn");

  /** Rooms in the order of their dependencies; those of one line do not see each other. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("kernel"),
          Set.of("platform"),
          Set.of("govern"),
          Set.of("store"),
          Set.of("engine"),
          Set.of("ingest", "process", "serve"),
          Set.of("server"));

  private static String room(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.");
    return parts.length > 2 ? parts[2] : "";
  }

  private static boolean ofTheHouse(JavaClass type) {
    return type.getPackageName().startsWith("dev.tarn.");
  }

  private static int floor(String room) {
    for (int i = 0; i < FLOORS.size(); i++) {
      if (FLOORS.get(i).contains(room)) {
        return i;
      }
    }
    throw new AssertionError("Room '" + room + "' has no place in the order of dependencies.");
  }

  @Test
  void theRulesSeeTheHouse() {
    Set<String> rooms = HOUSE.stream().map(HouseRulesTest::room).collect(Collectors.toSet());
    assertThat(rooms).contains("kernel", "platform", "govern", "engine", "server");
  }

  @Test
  void dependenciesPointOneWay() {
    classes()
        .should(
            new ArchCondition<JavaClass>("depend on lower rooms only") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                  JavaClass target = dependency.getTargetClass();
                  boolean wrong =
                      ofTheHouse(target)
                          && !room(target).equals(room(type))
                          && floor(room(target)) >= floor(room(type));
                  if (wrong) {
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                  }
                }
              }
            })
        .check(HOUSE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tarn.(*).(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void aCapabilityIsEnteredThroughItsFacadeOnly() {
    DescribedPredicate<JavaClass> behindAFacade =
        DescribedPredicate.describe(
            "stores and routes",
            type ->
                ofTheHouse(type)
                    && (type.getSimpleName().matches(".+Store")
                        || type.getSimpleName().endsWith("Routes")));
    classes()
        .should(
            new ArchCondition<JavaClass>("enter a capability through its facade") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                  JavaClass target = dependency.getTargetClass();
                  boolean own = target.getPackageName().equals(type.getPackageName());
                  // The class that wires the room lies above its capabilities.
                  boolean wires = target.getPackageName().startsWith(type.getPackageName() + ".");
                  if (behindAFacade.test(target) && !own && !wires) {
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                  }
                }
              }
            })
        .check(HOUSE);
  }

  @Test
  void foldersAreNamedAfterCapabilities() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..utils..",
            "..common..",
            "..helper..",
            "..helpers..",
            "..impl..",
            "..manager..",
            "..misc..",
            "..controllers..",
            "..services..")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .check(HOUSE);
  }

  @Test
  void nothingMutableIsStatic() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat()
        .haveSimpleNameNotStartingWith("TarnSql") // written by ANTLR
        .should()
        .beFinal()
        .check(HOUSE);
  }

  @Test
  void onlyTheServerRoomSpeaksHttpOrToTheConsole() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tarn.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.linecorp.armeria..", "picocli..")
        .check(HOUSE);
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(HOUSE);
  }
}
