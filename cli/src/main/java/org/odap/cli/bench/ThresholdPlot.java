package org.odap.cli.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.ChartUtils;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.odap.cli.CliException;

/** Figure 4 as a picture: a round's time over the number of participants, beside the paper's. */
final class ThresholdPlot {
  private static final int WIDTH = 1_000;
  private static final int HEIGHT = 620;

  private ThresholdPlot() {}

  static void draw(List<ThresholdRow> rows, Path file) {
    XYSeriesCollection series = new XYSeriesCollection();
    Map<String, XYSeries> byName = new LinkedHashMap<>();
    for (ThresholdRow row : rows) {
      add(byName, "f/n = " + row.ratio() + ", all honest", row.participants(), row.honestMillis());
    }
    for (ThresholdRow row : rows) {
      add(
          byName,
          "f/n = " + row.ratio() + ", f liars named",
          row.participants(),
          row.liarsMillis());
    }
    for (ThresholdRow row : rows) {
      row.paperMillis()
          .ifPresent(
              paper -> add(byName, "paper, f/n = " + row.ratio(), row.participants(), paper));
    }
    byName.values().forEach(series::addSeries);
    JFreeChart chart =
        ChartFactory.createXYLineChart(
            "A round of threshold signatures",
            "participants n",
            "ms a round (logarithmic)",
            series,
            PlotOrientation.VERTICAL,
            true,
            false,
            false);
    XYPlot plot = chart.getXYPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    LogAxis axis = new LogAxis("ms a round (logarithmic)");
    axis.setNumberFormatOverride(NumberFormat.getIntegerInstance(Locale.ROOT));
    plot.setRangeAxis(axis);
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    int at = 0;
    for (String name : byName.keySet()) {
      if (name.contains("liars")) {
        renderer.setSeriesStroke(
            at,
            new BasicStroke(
                1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0));
      }
      renderer.setSeriesLinesVisible(at, !name.startsWith("paper"));
      at++;
    }
    plot.setRenderer(renderer);
    try {
      ChartUtils.saveChartAsPNG(file.toFile(), chart, WIDTH, HEIGHT);
    } catch (IOException e) {
      throw new CliException("no figure: " + e.getMessage(), e);
    }
  }

  private static void add(Map<String, XYSeries> byName, String name, double x, double y) {
    byName.computeIfAbsent(name, XYSeries::new).add(x, y);
  }
}
