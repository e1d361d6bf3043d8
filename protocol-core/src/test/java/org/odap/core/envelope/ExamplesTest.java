package org.odap.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples are what they should be; tests that break one thing at a time start from them. */
class ExamplesTest {
  @ParameterizedTest
  @EnumSource(MessageType.class)
  @Tag("ODAP-1")
  void everyMessageIsWellFormedAndSigned(MessageType type) {
    OdapMessage message = Messages.of(type);
    assertThat(MessageCheck.structure(message)).isEmpty();
    assertThat(MessageCheck.signature(message, Messages.signer(type).publicKey())).isEmpty();
    assertThat(message.type()).isEqualTo(type);
    assertThat(OdapMessage.unpack(message.pack())).isEqualTo(message);
  }

  @Test
  @Tag("ODAP-19")
  void theMessagesOfTheSessionAreLinked() {
    List<OdapMessage> session = Messages.session();
    assertThat(session).hasSize(12);
    assertThat(session.getFirst().previousHash()).isEmpty();
    for (int i = 1; i < session.size(); i++) {
      assertThat(session.get(i).previousHash()).isEqualTo(session.get(i - 1).hash());
    }
  }
}
