package org.odap.cli.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The processes of one system. All of them end when this is closed, and when the command line ends
 * in whatever way it notices (Ctrl-C, a failure, the end of main).
 */
public final class Processes implements AutoCloseable {
  private final List<RunningProcess> running = new ArrayList<>();
  private final Thread atExit = new Thread(this::stopAll, "stop-processes");
  private boolean closed;

  /** Nothing runs yet. */
  public Processes() {
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts processes that don't need each other at once, and waits until all of them serve. */
  public void start(Duration limit, List<Launch> launches) throws InterruptedException {
    List<RunningProcess> started = launches.stream().map(this::add).toList();
    for (RunningProcess process : started) {
      process.awaitReady(limit);
    }
  }

  /** Starts one process and waits until it serves. */
  public RunningProcess start(Duration limit, Launch launch) throws InterruptedException {
    RunningProcess process = add(launch);
    process.awaitReady(limit);
    return process;
  }

  /** Runs a process that ends by itself. */
  public void run(Duration limit, Launch launch) throws InterruptedException {
    RunningProcess process = add(launch);
    process.awaitSuccess(limit);
    remove(process);
  }

  /** Kills processes as a crash would (SIGKILL), and waits until they are gone. */
  public void kill(List<String> names) throws InterruptedException {
    List<RunningProcess> victims = names.stream().map(this::named).toList();
    for (RunningProcess victim : victims) {
      victim.kill();
    }
    victims.forEach(RunningProcess::awaitEnd);
  }

  /** Ends a process in order (SIGTERM), and waits until it has ended. */
  public void stop(String name) {
    RunningProcess process = named(name);
    process.terminate();
    process.awaitEnd();
  }

  /** Starts processes again that have ended, and waits until they serve. */
  public void restart(Duration limit, List<String> names) throws InterruptedException {
    List<RunningProcess> ended = names.stream().map(this::named).toList();
    ended.forEach(this::remove);
    start(limit, ended.stream().map(RunningProcess::launch).toList());
  }

  /** Starts a process again that has ended, in another way, and waits until it serves. */
  public void restart(Duration limit, String name, UnaryOperator<Launch> otherwise)
      throws InterruptedException {
    RunningProcess ended = named(name);
    remove(ended);
    RunningProcess _ = start(limit, otherwise.apply(ended.launch()));
  }

  /** Starts processes in place of those of their names, which are killed if they still run. */
  public void replace(Duration limit, List<Launch> launches) throws InterruptedException {
    List<String> names = launches.stream().map(Launch::name).toList();
    kill(names);
    names.stream().map(this::named).forEach(this::remove);
    start(limit, launches);
  }

  private RunningProcess named(String name) {
    return running().stream()
        .filter(process -> process.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no process " + name));
  }

  private synchronized RunningProcess add(Launch launch) {
    if (closed) {
      throw new IllegalStateException("the system is stopping");
    }
    RunningProcess process = RunningProcess.start(launch);
    running.add(process);
    return process;
  }

  private synchronized void remove(RunningProcess process) {
    running.remove(process);
  }

  /** All processes, in the order started. */
  public synchronized List<RunningProcess> running() {
    return List.copyOf(running);
  }

  /** A process that has ended though nobody told it to. */
  public Optional<RunningProcess> lost() {
    return running().stream().filter(RunningProcess::lost).findFirst();
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException stoppingAlready) {
      // Then the hook itself is what runs here, or will find nothing left to do.
    }
  }

  /** Those started last know those started first, so they are told first. */
  private void stopAll() {
    List<RunningProcess> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(running.reversed());
      running.clear();
    }
    all.forEach(RunningProcess::terminate);
    all.forEach(RunningProcess::awaitEnd);
  }
}
