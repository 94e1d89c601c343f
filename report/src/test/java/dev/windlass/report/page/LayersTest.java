package dev.windlass.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.TaskName;
import dev.windlass.report.Dependency;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where tasks and arrows are drawn. */
class LayersTest {

  private static TaskName task(String name) {
    return new TaskName(name);
  }

  private static Dependency arrow(String before, String after) {
    return new Dependency(task(before), task(after), Optional.empty(), false);
  }

  private static List<TaskName> tasks(String... names) {
    return Stream.of(names).map(LayersTest::task).toList();
  }

  @Test
  void aTaskStandsBehindAllThatItWaitsFor() {
    Dependency shortcut = arrow("a", "d");
    Layers layers =
        new Layers(
            tasks("a", "b", "c", "d"),
            List.of(arrow("a", "b"), arrow("b", "c"), arrow("c", "d"), shortcut),
            Optional.empty());

    assertThat(layers.count()).isEqualTo(4);
    assertThat(layers.at(task("d")).layer()).isEqualTo(3);
    assertThat(layers.way(shortcut)).extracting(Layers.Point::layer).containsExactly(0, 1, 2, 3);
    assertThat(layers.way(shortcut).get(1)).isNotEqualTo(layers.at(task("b")));
  }

  @Test
  void theFinalTaskStandsLast() {
    Layers layers =
        new Layers(tasks("tidy", "a", "b"), List.of(arrow("a", "b")), Optional.of(task("tidy")));

    assertThat(layers.at(task("tidy")).layer()).isEqualTo(2);
    assertThat(new Layers(tasks("only"), List.of(), Optional.of(task("only"))).count()).isOne();
  }

  @Test
  void arrowsDoNotCrossWhereTheyNeedNot() {
    Layers layers =
        new Layers(
            tasks("a", "b", "c", "z", "y", "x"),
            List.of(arrow("a", "x"), arrow("b", "y"), arrow("c", "z")),
            Optional.empty());

    assertThat(layers.at(task("x")).row()).isEqualTo(layers.at(task("a")).row());
    assertThat(layers.at(task("y")).row()).isEqualTo(layers.at(task("b")).row());
    assertThat(layers.at(task("z")).row()).isEqualTo(layers.at(task("c")).row());
  }

  @Test
  void inALargeGraphNoTwoTasksShareAPlaceAndAllArrowsPointForward() {
    Random random = new Random(5);
    List<TaskName> tasks = IntStream.range(0, 2_000).mapToObj(i -> task("t" + i)).toList();
    List<Dependency> arrows = new ArrayList<>();
    for (int i = 1; i < tasks.size(); i++) {
      arrows.add(
          new Dependency(tasks.get(random.nextInt(i)), tasks.get(i), Optional.empty(), false));
    }
    Layers layers = new Layers(tasks, arrows, Optional.empty());

    Set<Layers.Point> places = new HashSet<>();
    tasks.forEach(task -> assertThat(places.add(layers.at(task))).isTrue());
    assertThat(places).allMatch(place -> place.row() >= 0 && place.row() <= layers.rows() - 1);
    assertThat(arrows)
        .allMatch(arrow -> layers.at(arrow.before()).layer() < layers.at(arrow.after()).layer());
  }

  @Test
  void withVeryManyLongArrowsTheyGoStraight() {
    List<TaskName> tasks = IntStream.range(0, 400).mapToObj(i -> task("t" + i)).toList();
    List<Dependency> arrows = new ArrayList<>();
    for (int i = 1; i < tasks.size(); i++) {
      arrows.add(new Dependency(tasks.get(i - 1), tasks.get(i), Optional.empty(), false));
      if (i > 1) {
        arrows.add(new Dependency(tasks.get(0), tasks.get(i), Optional.empty(), false));
      }
    }

    Layers layers = new Layers(tasks, arrows, Optional.empty());

    assertThat(layers.rows()).isOne();
    assertThat(layers.way(arrows.get(arrows.size() - 1))).hasSize(2);
  }
}
