package org.odap.core.evidence;

import java.util.ArrayList;
import java.util.List;
import org.odap.core.evidence.EvidenceReport.StoryLine;

/**
 * The acts of both gateways as one story. Their clocks may differ, so messages fix the order: what
 * the other gateway did before it sent a message goes before its arrival.
 */
final class Story {
  private Story() {}

  static List<StoryLine> of(List<GatewayRecord> records) {
    List<StoryLine> story = new ArrayList<>();
    GatewayRecord first = records.getFirst();
    if (records.size() == 1) {
      addUpTo(first, 0, first.acts().size(), story);
      return story;
    }
    GatewayRecord second = records.get(1);
    int told = 0;
    for (Act act : first.acts()) {
      int upTo = sentBefore(first, act, second);
      addUpTo(second, told, upTo, story);
      told = Math.max(told, upTo);
      story.add(new StoryLine(first.role(), act));
    }
    addUpTo(second, told, second.acts().size(), story);
    return story;
  }

  /** Number of acts of the other gateway up to the message of its own that this act took in. */
  private static int sentBefore(GatewayRecord reader, Act act, GatewayRecord author) {
    return reader.messages().stream()
        .filter(heard -> heard.index() == act.index())
        .filter(heard -> MessageChecks.authoredBySender(reader, heard.message()) == author.sender())
        .flatMap(heard ->
            author.messages().stream()
                .filter(sent -> sent.message().hash().equals(heard.message().hash())))
        .mapToInt(GatewayRecord.Heard::index)
        .findFirst()
        .orElse(0);
  }

  private static void addUpTo(GatewayRecord record, int from, int to, List<StoryLine> story) {
    for (Act act : record.acts().subList(from, Math.max(from, to))) {
      story.add(new StoryLine(record.role(), act));
    }
  }
}
