package org.odap.it.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.FreePorts;

/**
 * A service mesh between processes, by nginx: what a service sends in plain text goes over the
 * mesh's own mutual TLS, and comes to the other one in plain text again, with Envoy's header that
 * says by its SPIFFE id who called.
 */
public final class Mesh implements AutoCloseable {
  private static final String DOMAIN = "cluster.local";

  private final Path folder;
  private final DevelopmentPki authority;
  private final Map<String, TlsFiles> members = new LinkedHashMap<>();
  private final List<Way> ways = new ArrayList<>();
  private Process proxies;

  /** From one member to another's port. */
  private record Way(String caller, String callee, int port, int plain, int encrypted) {}

  /** A mesh that nobody belongs to yet. */
  public Mesh(Path folder) {
    this.folder = folder;
    this.authority = DevelopmentPki.create(folder.resolve("pki"), DOMAIN);
  }

  /** What the mesh calls a member. */
  public static String spiffeId(String member) {
    return "spiffe://" + DOMAIN + "/ns/odap/sa/" + member;
  }

  /**
   * Leads from a caller's proxy to a service.
   *
   * @param port where the service takes what its proxy sends
   * @return address of the caller's proxy, host:port
   */
  public String way(String caller, String callee, int port) {
    members.computeIfAbsent(caller, this::certificate);
    members.computeIfAbsent(callee, this::certificate);
    List<Integer> free = FreePorts.find(2);
    ways.add(new Way(caller, callee, port, free.getFirst(), free.getLast()));
    return "127.0.0.1:" + free.getFirst();
  }

  private TlsFiles certificate(String member) {
    return authority.issue(new Identity(spiffeId(member)), member, List.of());
  }

  /** Starts the proxies, once all ways are known. */
  public void start() throws IOException {
    Path settings = Files.writeString(folder.resolve("nginx.conf"), settings());
    proxies =
        new ProcessBuilder(
                "env",
                path(),
                "nginx",
                "-p",
                folder.toString(),
                "-e",
                "error.log",
                "-c",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.out").toFile())
            .start();
  }

  /** Debian has nginx where not everybody looks for programs. */
  private static String path() {
    return "PATH=" + System.getenv("PATH") + ":/usr/sbin";
  }

  private String settings() {
    StringBuilder seen = new StringBuilder("  map $ssl_client_s_dn $seen {\n    default \"\";\n");
    members
        .keySet()
        .forEach(member ->
            seen.append("    ~(^|,)CN=%s(,|$) %s;\n".formatted(member, spiffeId(member))));
    seen.append("  }\n");
    StringBuilder servers = new StringBuilder();
    for (Way way : ways) {
      TlsFiles caller = members.get(way.caller());
      TlsFiles callee = members.get(way.callee());
      servers.append(
          """
            server {
              listen 127.0.0.1:%d http2;
              location / {
                grpc_pass grpcs://127.0.0.1:%d;
                grpc_ssl_certificate %s;
                grpc_ssl_certificate_key %s;
                grpc_ssl_trusted_certificate %s;
                grpc_ssl_verify on;
                grpc_ssl_name localhost;
                grpc_ssl_protocols TLSv1.3;
              }
            }
            server {
              listen 127.0.0.1:%d ssl http2;
              ssl_certificate %s;
              ssl_certificate_key %s;
              ssl_client_certificate %s;
              ssl_verify_client on;
              ssl_protocols TLSv1.3;
              location / {
                grpc_pass grpc://127.0.0.1:%d;
                grpc_set_header x-forwarded-client-cert "$before,By=%s;Hash=00;Subject=\\"\\";URI=$seen";
              }
            }
          """
              .formatted(
                  way.plain(),
                  way.encrypted(),
                  caller.certificate(),
                  caller.key(),
                  authority.entityCertificate(),
                  way.encrypted(),
                  callee.certificate(),
                  callee.key(),
                  authority.entityCertificate(),
                  way.port(),
                  spiffeId(way.callee())));
    }
    return """
    daemon off;
    pid nginx.pid;
    worker_processes 1;
    events {}
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      client_max_body_size 0;
      client_body_timeout 1h;
      grpc_read_timeout 1h;
      grpc_send_timeout 1h;
      keepalive_requests 1000000;
      # What the caller's own header said stands first.
      map $http_x_forwarded_client_cert $before {
        default $http_x_forwarded_client_cert;
        "" "Hash=00";
      }
    """
        + seen
        + servers
        + "}\n";
  }

  @Override
  public void close() {
    if (proxies == null) {
      return;
    }
    // The master ends its worker.
    proxies.destroy();
    try {
      if (!proxies.waitFor(10, TimeUnit.SECONDS)) {
        proxies.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
