package org.odap.quorum;

import java.util.ArrayList;
import java.util.List;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.core.envelope.Base64Url;
import org.odap.threshold.Commitments;
import org.odap.threshold.MalformedPointException;
import org.odap.threshold.PublicKey;

/** Keys between messages, as base64url, and arithmetic, as points that were checked. */
public final class KeyForms {
  private KeyForms() {}

  /** The text of bytes. */
  public static String text(byte[] bytes) {
    return Base64Url.encode(bytes);
  }

  /** The texts of commitments. */
  public static List<String> texts(Commitments commitments) {
    return commitments.bytes().stream().map(KeyForms::text).toList();
  }

  /**
   * The bytes of a text.
   *
   * @throws MalformedPointException when it is no base64url
   */
  public static byte[] bytes(String text) throws MalformedPointException {
    return Base64Url.decode(text)
        .orElseThrow(() -> new MalformedPointException("not base64url without padding"));
  }

  /** A public key. */
  public static PublicKey publicKey(String text) throws MalformedPointException {
    return PublicKey.parse(bytes(text));
  }

  /** Commitments, as many as a group's threshold. */
  public static Commitments commitments(List<String> texts, int threshold)
      throws MalformedPointException {
    if (texts.size() != threshold) {
      throw new MalformedPointException(
          texts.size() + " commitments (expected: " + threshold + ")");
    }
    List<byte[]> points = new ArrayList<>();
    for (String text : texts) {
      points.add(bytes(text));
    }
    return Commitments.parse(points);
  }

  /**
   * What a group's key is to who combines and who checks shares.
   *
   * @throws MalformedPointException that says what is wrong with the key
   */
  public static org.odap.threshold.GroupKey key(GroupKey key) throws MalformedPointException {
    return org.odap.threshold.GroupKey.of(
        publicKey(key.getPublicKey()),
        commitments(key.getCommitmentsList(), key.getGroup().getThreshold()),
        key.getGroup().getParticipantsCount());
  }
}
