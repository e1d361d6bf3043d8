package org.odap.attestation.tpm;

import com.google.protobuf.ByteString;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What firmware and boot loader measured into PCRs (TCG PC Client Platform Firmware Profile, 10,
 * crypto-agile format).
 *
 * <p>The digests are trusted as far as they replay to quoted PCRs. The events' data are not:
 * nothing signs them.
 */
public record EventLog(List<Event> events) {
  /** Far above the some hundred events of a boot; guards memory. */
  private static final int EVENTS_MAX = 65_536;

  private static final int EVENT_BYTES_MAX = 1 << 20;
  private static final int ALGORITHMS_MAX = 16;
  private static final int SHA1_BYTES = 20;
  private static final long EV_NO_ACTION = 3;
  private static final ByteString SPEC_ID = ByteString.copyFromUtf8("Spec ID Event03\0");
  private static final ByteString STARTUP_LOCALITY = ByteString.copyFromUtf8("StartupLocality\0");
  private static final long PCR_NONE = 0xffffffffL;

  // 17 to 22 are those of a dynamic launch: all ones until there is one (PC Client Profile, 4.6.3).
  private static final int DYNAMIC_FIRST = 17;
  private static final int DYNAMIC_LAST = 22;

  public EventLog {
    events = List.copyOf(events);
  }

  /**
   * One measurement.
   *
   * @param digests in the banks we know
   */
  public record Event(
      long pcr, long type, Map<HashAlgorithm, ByteString> digests, ByteString data) {
    public Event {
      digests = Map.copyOf(digests);
    }

    /** Whether it was measured: the others only tell something. */
    public boolean isMeasured() {
      return type != EV_NO_ACTION;
    }
  }

  /** Reads a log, all of it. */
  public static EventLog parse(ByteString encoded) throws TpmFormatException {
    TpmReader in = new TpmReader("event_log", encoded, ByteOrder.LITTLE_ENDIAN);
    Map<Integer, Integer> digestSizes = header(in);
    List<Event> events = new ArrayList<>();
    while (!in.atEnd()) {
      if (events.size() == EVENTS_MAX) {
        throw in.value("events", "more", "at most " + EVENTS_MAX);
      }
      events.add(event(in, "events[" + events.size() + "]", digestSizes));
    }
    return new EventLog(events);
  }

  /** The first event has the old format, and says which algorithms the others use. */
  private static Map<Integer, Integer> header(TpmReader in) throws TpmFormatException {
    long pcr = in.u32("header.pcrIndex");
    long type = in.u32("header.eventType");
    if (pcr != 0 || type != EV_NO_ACTION) {
      throw in.value("header", "PCR " + pcr + ", type " + type, "PCR 0, type " + EV_NO_ACTION);
    }
    ByteString _ = in.bytes("header.digest", SHA1_BYTES);
    ByteString data = in.bytes("header.event", size(in, "header.eventSize"));
    TpmReader id = new TpmReader("event_log.header", data, ByteOrder.LITTLE_ENDIAN);
    ByteString signature = id.bytes("signature", SPEC_ID.size());
    if (!signature.equals(SPEC_ID)) {
      throw id.value("signature", "another", "Spec ID Event03");
    }
    ByteString _ = id.bytes("platformClass and version", 8);
    long count = id.u32("numberOfAlgorithms");
    if (count < 1 || count > ALGORITHMS_MAX) {
      throw id.value("numberOfAlgorithms", count, "1 to " + ALGORITHMS_MAX);
    }
    Map<Integer, Integer> sizes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      int algorithm = id.u16("algorithmId");
      int size = id.u16("digestSize");
      Optional<HashAlgorithm> known = HashAlgorithm.of(algorithm);
      if (known.isPresent() && known.get().size() != size) {
        throw id.value("digestSize", size, Integer.toString(known.get().size()));
      }
      sizes.put(algorithm, size);
    }
    ByteString _ = id.bytes("vendorInfo", id.u8("vendorInfoSize"));
    id.end();
    return sizes;
  }

  private static Event event(TpmReader in, String field, Map<Integer, Integer> digestSizes)
      throws TpmFormatException {
    long pcr = in.u32(field + ".pcrIndex");
    long type = in.u32(field + ".eventType");
    boolean isNowhere = pcr == PCR_NONE && type == EV_NO_ACTION;
    if (pcr >= PcrSelection.PCR_COUNT && !isNowhere) {
      throw in.value(field + ".pcrIndex", pcr, "0 to " + (PcrSelection.PCR_COUNT - 1));
    }
    Map<HashAlgorithm, ByteString> digests = digests(in, field, digestSizes);
    return new Event(
        pcr, type, digests, in.bytes(field + ".event", size(in, field + ".eventSize")));
  }

  private static Map<HashAlgorithm, ByteString> digests(
      TpmReader in, String field, Map<Integer, Integer> digestSizes) throws TpmFormatException {
    long count = in.u32(field + ".digests.count");
    if (count > digestSizes.size()) {
      throw in.value(field + ".digests.count", count, "at most " + digestSizes.size());
    }
    Map<HashAlgorithm, ByteString> digests = new EnumMap<>(HashAlgorithm.class);
    for (int i = 0; i < count; i++) {
      int algorithm = in.u16(field + ".digests.hashAlg");
      Optional<Integer> size = Optional.ofNullable(digestSizes.get(algorithm));
      ByteString digest =
          in.bytes(
              field + ".digests.digest",
              size.orElseThrow(() ->
                  in.value(
                      field + ".digests.hashAlg",
                      "0x%04x".formatted(algorithm),
                      "one of the header's")));
      Optional<HashAlgorithm> known = HashAlgorithm.of(algorithm);
      if (known.isPresent() && digests.put(known.get(), digest) != null) {
        throw in.value(field + ".digests.hashAlg", known.get(), "each algorithm once");
      }
    }
    return digests;
  }

  private static int size(TpmReader in, String field) throws TpmFormatException {
    long size = in.u32(field);
    if (size > EVENT_BYTES_MAX) {
      throw in.value(field, size, "at most " + EVENT_BYTES_MAX);
    }
    return (int) size;
  }

  /** The values of a bank's PCRs after all these events. */
  public Map<Integer, ByteString> replay(HashAlgorithm bank) throws TpmFormatException {
    Map<Integer, ByteString> pcrs = new TreeMap<>();
    for (int pcr = 0; pcr < PcrSelection.PCR_COUNT; pcr++) {
      pcrs.put(pcr, start(pcr, bank));
    }
    for (Event event : events) {
      if (event.isMeasured()) {
        ByteString digest = digest(event, bank);
        pcrs.compute((int) event.pcr(), (pcr, value) -> bank.digest(value, digest));
      }
    }
    return pcrs;
  }

  /** The digests measured into a PCR, in order. */
  public List<ByteString> measured(int pcr, HashAlgorithm bank) throws TpmFormatException {
    List<ByteString> digests = new ArrayList<>();
    for (Event event : events) {
      if (event.isMeasured() && event.pcr() == pcr) {
        digests.add(digest(event, bank));
      }
    }
    return digests;
  }

  private static ByteString digest(Event event, HashAlgorithm bank) throws TpmFormatException {
    return Optional.ofNullable(event.digests().get(bank))
        .orElseThrow(() ->
            new TpmFormatException(
                "event_log", "an event of PCR " + event.pcr() + " has no " + bank + " digest"));
  }

  private ByteString start(int pcr, HashAlgorithm bank) {
    byte[] value = new byte[bank.size()];
    if (pcr >= DYNAMIC_FIRST && pcr <= DYNAMIC_LAST) {
      java.util.Arrays.fill(value, (byte) 0xff);
    }
    if (pcr == 0) {
      value[value.length - 1] = startupLocality();
    }
    return ByteString.copyFrom(value);
  }

  /** The locality of TPM2_Startup is where PCR 0 starts. */
  private byte startupLocality() {
    return events.stream()
        .filter(event -> !event.isMeasured() && event.pcr() == 0)
        .map(Event::data)
        .filter(
            data -> data.size() == STARTUP_LOCALITY.size() + 1 && data.startsWith(STARTUP_LOCALITY))
        .map(data -> data.byteAt(STARTUP_LOCALITY.size()))
        .findFirst()
        .orElse((byte) 0);
  }
}
