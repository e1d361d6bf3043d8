package org.odap.log.edge;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import org.odap.api.log.v1.ListLogsRequest;
import org.odap.api.log.v1.ListLogsResponse;
import org.odap.log.store.Listed;
import org.odap.log.store.LogStore;
import org.odap.runtime.identity.Identity;

/** The logs a caller asked for and may read, read from the store page by page. */
final class LogListing implements Supplier<Optional<ListLogsResponse>> {
  private static final int PAGE = 500;

  private final LogStore store;
  private final ListLogsRequest request;
  private final Identity caller;
  private final Queue<Listed> page = new ArrayDeque<>();
  private String after;
  private boolean exhausted;
  private int given;

  LogListing(LogStore store, ListLogsRequest request, Identity caller) {
    this.store = store;
    this.request = request;
    this.caller = caller;
    this.after = request.getAfterLogId();
  }

  @Override
  public Optional<ListLogsResponse> get() {
    while (page.isEmpty() && !exhausted) {
      readPage();
    }
    boolean isFull =
        request.getLimit() != 0 && Integer.compareUnsigned(given, request.getLimit()) >= 0;
    if (page.isEmpty() || isFull) {
      return Optional.empty();
    }
    given++;
    return Optional.of(response(page.remove()));
  }

  private void readPage() {
    List<Listed> read = store.list(request.getOpenOnly(), after, PAGE);
    exhausted = read.size() < PAGE;
    if (!read.isEmpty()) {
      after = read.getLast().log().value();
    }
    read.stream()
        .filter(log -> request.getEpoch() == 0 || log.head().epoch() == request.getEpoch())
        .filter(log -> store.mayRead(log.log(), log.head(), caller))
        .forEach(page::add);
  }

  private static ListLogsResponse response(Listed listed) {
    return ListLogsResponse.newBuilder()
        .setLogId(listed.log().value())
        .setLength(listed.head().length())
        .setClosed(listed.head().closed())
        .setEpoch(listed.head().epoch())
        .setArchived(listed.head().archived())
        .setHeld(listed.head().held())
        .build();
  }
}
