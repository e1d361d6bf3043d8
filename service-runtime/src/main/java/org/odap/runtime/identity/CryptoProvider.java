package org.odap.runtime.identity;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the fastest implementation at hand the first choice for every use of Java's cryptography in
 * this process: the native one of Amazon Corretto, else Bouncy Castle. Both verify P-256 signatures
 * several times faster than the JDK.
 */
public final class CryptoProvider {
  private static final Logger log = LoggerFactory.getLogger(CryptoProvider.class);

  private static final class Installed {
    static final Provider PROVIDER = choose();
  }

  private CryptoProvider() {}

  /** Installs the provider; calling again changes nothing. Answers its name. */
  public static String install() {
    return Installed.PROVIDER.getName();
  }

  private static Provider choose() {
    Provider provider = corretto();
    Security.insertProviderAt(provider, 1);
    return provider;
  }

  private static Provider corretto() {
    try {
      return Corretto.load();
    } catch (LinkageError | IllegalStateException e) {
      log.atWarn()
          .addKeyValue("cause", e.toString())
          .log("native cryptography not available, using Bouncy Castle");
      return new BouncyCastleProvider();
    }
  }

  /** A class of its own: on a platform without this library, only this one can't be linked. */
  private static final class Corretto {
    static Provider load() {
      Throwable error = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
      if (error != null) {
        throw new IllegalStateException(error);
      }
      return AmazonCorrettoCryptoProvider.INSTANCE;
    }
  }
}
