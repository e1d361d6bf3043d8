package org.odap.runtime.logging;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One line an event: JSON once the process is a service whose log is read by machines, else text.
 */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
  // Line ends inside values or stack traces become " | ": nobody forges a line.
  private static final String TEXT =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0}"
          + " %replace(%msg %kvp %ex{full}){'[\\r\\n]+\\s*', ' | '}%nopex%n";

  private final PatternLayout text = new PatternLayout();

  @Override
  public void start() {
    text.setContext(getContext());
    text.setPattern(TEXT);
    text.start();
    super.start();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    Optional<String> service =
        Optional.ofNullable(event.getLoggerContextVO().getPropertyMap().get(LogFormat.SERVICE));
    return service
        .map(name -> JsonLine.of(event, name))
        .orElseGet(() -> text.doLayout(event).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
