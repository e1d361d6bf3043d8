package org.odap.log.archive;

import java.nio.file.Path;
import java.time.Duration;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** How long the logs of ended transfers stay, and where they go then. */
public record RetentionConfig(
    @Description(
            "time from a transfer's end until its log goes to an archive; longer than any limit's period")
        @Bounds(min = "1d", max = "36500d")
        Duration keep,
    @Description(
            "folder of the archives, best on another disk; made when it does not exist; one service uses it")
        Path archiveDirectory,
    @Description("time from one look for such logs to the next")
        @Default("1h")
        @Bounds(min = "1s", max = "7d")
        Duration interval) {}
