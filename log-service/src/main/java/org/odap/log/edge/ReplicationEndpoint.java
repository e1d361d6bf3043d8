package org.odap.log.edge;

import io.grpc.stub.StreamObserver;
import org.odap.api.log.v1.AddNodeRequest;
import org.odap.api.log.v1.AddNodeResponse;
import org.odap.api.log.v1.GetReplicationRequest;
import org.odap.api.log.v1.GetReplicationResponse;
import org.odap.api.log.v1.RemoveNodeRequest;
import org.odap.api.log.v1.RemoveNodeResponse;
import org.odap.api.log.v1.ReplicationNode;
import org.odap.api.log.v1.ReplicationServiceGrpc.ReplicationServiceImplBase;
import org.odap.log.replication.NodeConfig;
import org.odap.log.replication.ReplicatedLog;
import org.odap.log.replication.Standing;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows and changes the nodes of a replicated log. */
public final class ReplicationEndpoint extends ReplicationServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(ReplicationEndpoint.class);

  private final ReplicatedLog replicated;

  public ReplicationEndpoint(ReplicatedLog replicated) {
    this.replicated = replicated;
  }

  @Override
  public void getReplication(
      GetReplicationRequest request, StreamObserver<GetReplicationResponse> observer) {
    Standing standing = replicated.standing();
    GetReplicationResponse.Builder answer =
        GetReplicationResponse.newBuilder()
            .setNode(standing.name())
            .setLeads(standing.leads())
            .setTerm(standing.term())
            .setAppliedIndex(standing.appliedIndex());
    standing.nodes().stream().map(ReplicationEndpoint::message).forEach(answer::addNodes);
    Answers.answer(observer, answer.build());
  }

  private static ReplicationNode message(Standing.Node node) {
    ReplicationNode.Builder message =
        ReplicationNode.newBuilder()
            .setName(node.name())
            .setAddress(node.address())
            .setLeads(node.leads());
    node.appliedIndex().ifPresent(message::setAppliedIndex);
    return message.build();
  }

  @Override
  public void addNode(AddNodeRequest request, StreamObserver<AddNodeResponse> observer) {
    NodeConfig node = new NodeConfig(request.getName(), request.getAddress());
    node.mistakes().stream()
        .findFirst()
        .ifPresent(mistake -> {
          String field = mistake.substring(0, mistake.indexOf(':'));
          String value = field.equals("name") ? node.name() : node.address();
          throw OdapException.fieldInvalid(
              field, value, mistake.replaceAll(".*\\(expected: (.*)\\)", "$1"));
        });
    replicated.add(node);
    log.atInfo().addKeyValue("node", node.name()).log("node taken in");
    Answers.answer(observer, AddNodeResponse.getDefaultInstance());
  }

  @Override
  public void removeNode(RemoveNodeRequest request, StreamObserver<RemoveNodeResponse> observer) {
    Standing standing = replicated.standing();
    if (standing.nodes().size() == 1 || request.getName().equals(standing.name())) {
      throw OdapException.fieldInvalid("name", request.getName(), "a node that does not lead");
    }
    replicated.remove(request.getName());
    log.atInfo().addKeyValue("node", request.getName()).log("node let go");
    Answers.answer(observer, RemoveNodeResponse.getDefaultInstance());
  }
}
