package org.odap.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  enum Speed {
    SLOW,
    VERY_FAST
  }

  record Inner(@Default("7") @Bounds(min = "1", max = "10") int count, Optional<String> note) {}

  @Retired(key = "old-name", instead = "use name")
  record Outer(
      @Description("what it is called") String name,
      @Default("30s") @Bounds(min = "1s", max = "1h") Duration interval,
      @Default("very-fast") Speed speed,
      @Default("true") boolean enabled,
      @Default("9000000000") long large,
      Path file,
      Optional<URI> link,
      @Bounds(max = "2") List<Inner> items,
      Map<String, Integer> numbers,
      Inner inner)
      implements Checked {
    @Override
    public List<String> mistakes() {
      return name.equals("bad") ? List.of("name: bad does not fit the rest") : List.of();
    }
  }

  @TempDir Path folder;

  private Outer read(String yaml) throws IOException {
    return ConfigFile.read(Files.writeString(folder.resolve("c.yaml"), yaml), Outer.class);
  }

  private List<String> mistakesOf(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> read(yaml)).mistakes();
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    assertThat(read("{name: n, file: data/x}"))
        .isEqualTo(
            new Outer(
                "n",
                Duration.ofSeconds(30),
                Speed.VERY_FAST,
                true,
                9_000_000_000L,
                folder.resolve("data/x"),
                Optional.empty(),
                List.of(),
                Map.of(),
                new Inner(7, Optional.empty())));
  }

  @Test
  void everyKindOfValueIsRead() throws IOException {
    assertThat(
            read(
                """
                name: "12"
                interval: 2m
                speed: slow
                enabled: false
                large: 3
                file: /abs
                link: https://x.example/
                items:
                  - count: 2
                  - note: hello
                inner:
                  count: 10
                numbers: {one: 1, "2": 2}
                """))
        .isEqualTo(
            new Outer(
                "12",
                Duration.ofMinutes(2),
                Speed.SLOW,
                false,
                3,
                Path.of("/abs"),
                Optional.of(URI.create("https://x.example/")),
                List.of(new Inner(2, Optional.empty()), new Inner(7, Optional.of("hello"))),
                Map.of("one", 1, "2", 2),
                new Inner(10, Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: [1]              | name: value: a list (expected: a text (in quotes if it looks like a number))
          name: 12               | name: value: 12 (expected: a text (in quotes if it looks like a number))
          interval: 30           | interval: value: 30 (expected: a duration such as 500ms, 30s, 5m from 1s to 1h)
          interval: 2h           | interval: value: 2h (expected: a duration such as 500ms, 30s, 5m from 1s to 1h)
          speed: fast            | speed: value: fast (expected: one of slow, very-fast)
          enabled: yes please    | enabled: value: yes please (expected: true or false)
          large: 1.5             | large: value: 1.5 (expected: a whole number)
          link: nowhere          | link: value: nowhere (expected: a URI)
          items: {}              | items: value: keys (expected: a list)
          items: [{count: 11}]   | items[0].count: value: 11 (expected: a whole number from 1 to 10)
          items: [{}, {}, {}]    | items: 3 entries (expected: to 2)
          numbers: {one: x}      | numbers.one: value: x (expected: a whole number)
          inner: {count: many}   | inner.count: value: many (expected: a whole number from 1 to 10)
          inner: {cuont: 1}      | inner.cuont: unknown key (expected one of: count, note)
          old-name: x            | old-name: retired: use name
          """)
  void aMistakeIsNamedWithItsKeyAndWhatIsExpected(String line, String mistake) {
    String rest = line.startsWith("name") ? "\nfile: f" : "\nname: n\nfile: f";
    assertThat(mistakesOf(line + rest)).containsExactly(mistake);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThat(mistakesOf("{interval: soon, colour: red, inner: {count: 0}}"))
        .containsExactly(
            "name: missing (expected: a text (in quotes if it looks like a number))",
            "interval: value: soon (expected: a duration such as 500ms, 30s, 5m from 1s to 1h)",
            "file: missing (expected: a path)",
            "inner.count: value: 0 (expected: a whole number from 1 to 10)",
            "colour: unknown key (expected one of: enabled, file, inner, interval, items, large,"
                + " link, name, numbers, speed)");
  }

  @Test
  void keysAreCheckedAgainstEachOtherOnceEachIsRight() {
    assertThat(mistakesOf("{name: bad, file: f}"))
        .containsExactly("name: bad does not fit the rest");
  }

  @Test
  void aKeyWrittenTwiceIsRefused() {
    assertThat(mistakesOf("name: a\nname: b\nfile: f")).singleElement().asString().contains("line");
  }

  @Test
  void aMissingFileIsToldAsSuch() {
    assertThat(
            catchThrowableOfType(
                    ConfigException.class,
                    () -> ConfigFile.read(folder.resolve("none.yaml"), Outer.class))
                .mistakes())
        .containsExactly("file: does not exist");
  }

  @Test
  void everyKeyIsDescribed() {
    assertThat(ConfigFile.describe(Outer.class))
        .isEqualTo(
            """
            name: a text (in quotes if it looks like a number); what it is called
            interval: a duration such as 500ms, 30s, 5m from 1s to 1h, default 30s
            speed: one of slow, very-fast, default very-fast
            enabled: true or false, default true
            large: a whole number, default 9000000000
            file: a path
            link: a URI, may be left out
            items[]: list to 2, may be left out
            items[].count: a whole number from 1 to 10, default 7
            items[].note: a text (in quotes if it looks like a number), may be left out
            numbers.<name>: map, may be left out
            inner.count: a whole number from 1 to 10, default 7
            inner.note: a text (in quotes if it looks like a number), may be left out
            """);
  }
}
