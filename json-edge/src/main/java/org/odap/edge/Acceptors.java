package org.odap.edge;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.TransportType;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Threads that accept a port's connections and end at once when they are told to. Netty's own go on
 * for two seconds in case that somebody still wants something of them, and a stop waits for them.
 */
final class Acceptors extends MultiThreadIoEventLoopGroup {
  private static final int END_SECONDS_MAX = 15;

  private Acceptors(String thread, IoHandlerFactory io) {
    super(1, new DefaultThreadFactory(thread), io);
  }

  /** Threads for the kind of sockets that connections have on this machine. */
  static EventLoopGroup group(String thread) {
    TransportType sockets = Flags.transportType();
    if (sockets == TransportType.EPOLL) {
      return new Acceptors(thread, EpollIoHandler.newFactory());
    }
    if (sockets == TransportType.NIO) {
      return new Acceptors(thread, NioIoHandler.newFactory());
    }
    return EventLoopGroups.newEventLoopGroup(1, thread);
  }

  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, END_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
