package org.odap.log.backup;

import java.nio.file.Path;
import java.time.Duration;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** Where backups go, how often, and how many are kept. */
public record BackupConfig(
    @Description(
            "folder of the backups, best on another disk; made when it does not exist; one service uses it")
        Path directory,
    @Description("time from one backup to the next") @Default("1h") @Bounds(min = "1m", max = "7d")
        Duration interval,
    @Description("backups that are kept; older ones are removed")
        @Default("24")
        @Bounds(min = "1", max = "10000")
        int keep) {}
