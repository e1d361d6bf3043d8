package org.odap.gateway.driver;

import java.util.List;
import org.odap.api.log.v1.LogEntry;
import org.odap.runtime.rpc.OdapException;

/** Where entries become durable, and where they are read again. */
public interface LogAppender {
  /**
   * Appends entries, all or none, under the replica's lease; when it returns they are on disk.
   *
   * @throws OdapException when they are not, or when that is not known
   */
  void append(String logId, List<LogEntry> entries, boolean close);

  /** The entries of a log from an index on, 1 is the first; empty when there are none. */
  List<LogEntry> read(String logId, int fromIndex);
}
