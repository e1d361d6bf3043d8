package org.odap.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("IT-9")
class ThresholdGroupTest {
  @ParameterizedTest
  @CsvSource({"64,6,11", "64,3,21", "100,4,25", "800,3,266", "800,6,133"})
  void hasThePapersThresholds(int participants, int part, int threshold) {
    // f = floor((n - 3) / part), and f + 1 must sign; a small n shows that it signs, too.
    ThresholdGroup group = new ThresholdGroup(Math.min(participants, 100), 1.0 / part, 7);
    if (participants <= 100) {
      assertThat(group.threshold()).isEqualTo(threshold);
    }
    assertThat(ThresholdGroup.faulty(participants, 1.0 / part) + 1).isEqualTo(threshold);
  }

  @Test
  void aRoundNamesItsLiarsOrFails() {
    ThresholdGroup group = new ThresholdGroup(20, 1.0 / 3, 7);
    ThresholdGroup.Answers answers = group.answers(1, true);
    assertThat(answers.liars()).hasSize(5);
    assertThat(group.combineMillis(answers)).isPositive();
    assertThat(group.combineMillis(group.answers(1, false))).isPositive();
    assertThat(group.messageBytes()).isBetween(20L * 500, 20L * 1_000);
  }

  @Test
  void drawsTheFigure(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("figure.png");
    ThresholdPlot.draw(
        List.of(
            new ThresholdRow("1/3", 200, 66, 25, 50, 0.5, 4, 100_000, 5),
            new ThresholdRow("1/3", 800, 266, 35, 110, 0.5, 14, 400_000, 20)),
        file);
    try (var in = Files.newInputStream(file)) {
      assertThat(ImageIO.read(in).getWidth()).isEqualTo(1_000);
    }
  }
}
