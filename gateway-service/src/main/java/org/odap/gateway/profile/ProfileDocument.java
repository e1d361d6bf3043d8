package org.odap.gateway.profile;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.odap.api.common.v1.AssetProfile;
import org.odap.core.envelope.ProfileCheck;
import org.odap.core.refusal.Refusal;
import org.odap.runtime.json.PublishedSchema;

/** An asset profile as its issuer writes it: JSON by the published schema (SD, ODAP 5.7). */
public final class ProfileDocument {
  private ProfileDocument() {}

  /**
   * Reads a file.
   *
   * @throws IOException naming the file and everything that is wrong with it
   */
  public static AssetProfile read(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException("asset profile " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The profile in a document.
   *
   * @throws IllegalArgumentException saying everything that is wrong
   */
  public static AssetProfile parse(String document) {
    List<PublishedSchema.Mistake> mistakes = PublishedSchema.ASSET_PROFILE.mistakes(document);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(
          mistakes.stream()
              .map(PublishedSchema.Mistake::description)
              .collect(Collectors.joining("; ")));
    }
    AssetProfile.Builder profile = AssetProfile.newBuilder();
    try {
      JsonFormat.parser().merge(document, profile);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    // What a pattern can't say: that a day exists, for one.
    Optional<Refusal> refusal = ProfileCheck.structure(profile.build());
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(
          refusal.get().field() + ": " + refusal.get().description());
    }
    return profile.build();
  }
}
