package org.odap.log.edge;

import java.util.List;

/**
 * A message of a stream of appends: a StreamLogEntriesRequest with those it has in more.
 *
 * @param requests in their order, at least one
 * @param takesMore whether the caller takes several answers in one message
 */
record AppendMessage(List<AppendRequest> requests, boolean takesMore) {}
