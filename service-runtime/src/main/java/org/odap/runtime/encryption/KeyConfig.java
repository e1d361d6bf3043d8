package org.odap.runtime.encryption;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Description;

/** Where one key for the encryption at rest is found: in a file or in a PKCS#12 keystore. */
public record KeyConfig(
    @Description("name of the key, stored with each entry; letters, digits, '.', '_', '-'")
        String id,
    @Description("file with the key: 32 bytes, or their base64; closed to others (chmod 600)")
        Optional<Path> file,
    @Description("PKCS#12 keystore with the key (AES, 256 bits), instead of a file")
        Optional<Path> keystore,
    @Description("file with the keystore's password on its first line; closed to others")
        Optional<Path> passwordFile,
    @Description("name of the key in the keystore; as a rule its id") Optional<String> alias)
    implements Checked {
  private static final String ID = "[A-Za-z0-9._-]{1,64}";

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (!id.matches(ID)) {
      mistakes.add("id: value: %s (expected: 1 to 64 of A-Z a-z 0-9 . _ -)".formatted(id));
    }
    if (file.isPresent() == keystore.isPresent()) {
      mistakes.add("file: expected either file or keystore");
    }
    if (keystore.isPresent() != passwordFile.isPresent()) {
      mistakes.add("password-file: expected together with keystore, and only then");
    }
    if (alias.isPresent() && keystore.isEmpty()) {
      mistakes.add("alias: expected only with keystore");
    }
    return mistakes;
  }
}
