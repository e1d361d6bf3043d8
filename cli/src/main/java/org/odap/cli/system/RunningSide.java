package org.odap.cli.system;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.rpc.RpcTarget;

/**
 * One side of a running system, as its client uses it.
 *
 * @param profile the client's connection profile
 * @param backups its connection profiles for the gateway's backups
 * @param replicas its connection profile for whichever of them all can answer
 * @param edge where its gateway answers HTTP and JSON
 * @param logEdge where its log service does
 * @param log its log service
 * @param logData where that keeps its data
 * @param gateway certificate of its gateway
 * @param client the client's certificate
 * @param ledger the ledger's adapter
 * @param names what the ledger calls its assets
 * @param holder account on the ledger that holds assets or is to get them; it consents to transfers
 * @param stranger another account on it
 * @param entity the organization's entity certificate
 */
public record RunningSide(
    Side side,
    Path profile,
    List<Path> backups,
    Path replicas,
    URI edge,
    URI logEdge,
    RpcTarget log,
    Path logData,
    TlsFiles gateway,
    TlsFiles client,
    RpcTarget ledger,
    AssetNames names,
    String holder,
    String stranger,
    Path entity) {}
