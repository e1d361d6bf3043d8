package org.odap.runtime.rpc;

import io.grpc.Context;
import org.odap.runtime.identity.Caller;

/** The caller of the call that the current thread answers. */
public final class CurrentCaller {
  private static final Context.Key<Caller> KEY = Context.key("odap-caller");

  private CurrentCaller() {}

  /**
   * Who calls.
   *
   * @throws IllegalStateException outside a call; copy the caller before handing work to a thread
   */
  public static Caller get() {
    Caller caller = KEY.get();
    if (caller == null) {
      throw new IllegalStateException("no call is being answered by this thread");
    }
    return caller;
  }

  /** A context in which {@link #get} answers this caller. */
  public static Context in(Context context, Caller caller) {
    return context.withValue(KEY, caller);
  }
}
