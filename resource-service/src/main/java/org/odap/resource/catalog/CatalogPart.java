package org.odap.resource.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog in force: that of the files as they were when they were last right as a whole.
 *
 * <p>Mutable: the catalog, swapped at once; the stamps of its files, used by one thread at a time.
 */
public final class CatalogPart implements Part {
  private static final Logger log = LoggerFactory.getLogger(CatalogPart.class);

  private final Path folder;
  private final Duration interval;
  private final ServiceHealth.Condition readable;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("catalog").daemon().factory());
  private volatile Optional<Catalog> current = Optional.empty();
  private List<Object> stamps = List.of();

  /** The catalog of a folder. */
  public CatalogPart(Path folder, Duration interval, ServiceHealth health) {
    this.folder = folder;
    this.interval = interval;
    this.readable = health.condition("catalog");
  }

  @Override
  public String name() {
    return "catalog";
  }

  /** The catalog in force. */
  public Catalog current() {
    return current.orElseThrow(() -> new IllegalStateException("used before its start"));
  }

  @Override
  public void start() throws IOException, CatalogException {
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString(), "", "the catalog's folder does not exist");
    }
    stamps = stampsNow();
    current = Optional.of(CatalogFiles.read(folder));
    readable.met();
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            this::reloadIfChanged, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop(Duration limit) {
    timer.shutdownNow();
  }

  private void reloadIfChanged() {
    try {
      List<Object> now = stampsNow();
      if (now.equals(stamps)) {
        return;
      }
      current = Optional.of(CatalogFiles.read(folder));
      stamps = now;
      readable.met();
      log.atInfo().addKeyValue("files", now.size()).log("catalog read anew");
    } catch (IOException | CatalogException e) {
      // Stamps stay old: half-written files are tried again at the next look.
      log.atError().addKeyValue("cause", e.getMessage()).log("changed catalog not usable");
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("catalog could not be read; trying again");
    }
  }

  private List<Object> stampsNow() throws IOException {
    List<Object> now = new ArrayList<>();
    for (String kind :
        List.of(CatalogFiles.PROFILES, CatalogFiles.VASPS, CatalogFiles.BENEFICIARIES)) {
      for (Path file : CatalogFiles.in(folder.resolve(kind))) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        now.add(
            List.of(
                file,
                attributes.lastModifiedTime(),
                attributes.size(),
                Optional.ofNullable(attributes.fileKey())));
      }
    }
    return now;
  }
}
