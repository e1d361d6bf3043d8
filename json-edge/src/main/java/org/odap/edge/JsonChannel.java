package org.odap.edge;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.RpcTarget;

/**
 * A way to another service's edge: unary gRPC calls go out as POST with JSON, by the schemas' HTTP
 * annotations, over mutual TLS 1.3 to the one identity that is expected there.
 *
 * <p>Mutable: connections are made anew once our TLS files were renewed.
 */
public final class JsonChannel extends Channel implements Part {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  private final RpcTarget target;
  private final TlsMaterial tls;
  private final URI base;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private Connected connected;

  /** Connections that were made with the files of one renewal. */
  private record Connected(int renewal, HttpClient http) {}

  /** What a call is over HTTP. */
  record Form(
      String path,
      Optional<FieldDescriptor> body,
      Optional<FieldDescriptor> responseBody,
      Message response) {}

  /** A channel to the edge at a target's address. */
  public JsonChannel(RpcTarget target, TlsMaterial tls) {
    this.target = target;
    this.tls = tls;
    this.base = URI.create("https://" + target.address());
    this.connected = connected();
  }

  private Connected connected() {
    int renewal = tls.renewal();
    return new Connected(
        renewal,
        HttpClient.newBuilder()
            .sslContext(context(tls, new Identity(target.identity())))
            .sslParameters(tls13())
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(Redirect.NEVER)
            .executor(executor)
            .build());
  }

  /** Servers judge us by the certificate that a connection began with, for as long as it lasts. */
  private synchronized HttpClient http() {
    if (connected.renewal() != tls.renewal()) {
      // Calls under way end where they began.
      connected.http().shutdown();
      connected = connected();
    }
    return connected.http();
  }

  /** Who is there is told by the certificate's identity; what a host is called proves nothing. */
  private static SSLContext context(TlsMaterial tls, Identity server) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {tls.keyManager()},
          new TrustManager[] {tls.trustManagerFor(server)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IdentityException("TLS for the client can't be set up", e);
    }
  }

  private static SSLParameters tls13() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    return parameters;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    return new JsonCall<>(http(), base, form(method), options);
  }

  @Override
  public String authority() {
    return target.address();
  }

  private static Form form(MethodDescriptor<?, ?> method) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier)
        || !(method.getResponseMarshaller() instanceof MethodDescriptor.PrototypeMarshaller<?> type)
        || !(type.getMessagePrototype() instanceof Message response)) {
      throw new IllegalStateException(method.getFullMethodName() + " is not of a schema");
    }
    var schema = supplier.getMethodDescriptor();
    HttpRule main = schema.getOptions().getExtension(AnnotationsProto.http);
    HttpRule rule =
        Stream.concat(Stream.of(main), main.getAdditionalBindingsList().stream())
            .filter(one -> !one.getPost().isEmpty() && one.getPost().indexOf('{') < 0)
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(schema.getFullName() + " has no fixed path to post to"));
    return new Form(
        rule.getPost(),
        Optional.ofNullable(schema.getInputType().findFieldByName(rule.getBody())),
        Optional.ofNullable(schema.getOutputType().findFieldByName(rule.getResponseBody())),
        response);
  }

  /** Whether somebody listens there, or does within the limit. */
  public boolean connects(Duration limit) {
    try (Socket socket = new Socket()) {
      int port = base.getPort();
      socket.connect(new InetSocketAddress(base.getHost(), port), (int) limit.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String name() {
    return "channel to " + target.identity();
  }

  @Override
  public void start() {
    // Connects at the first call: services come up in any order.
  }

  @Override
  public synchronized void stop(Duration limit) {
    connected.http().shutdownNow();
    executor.shutdownNow();
  }
}
