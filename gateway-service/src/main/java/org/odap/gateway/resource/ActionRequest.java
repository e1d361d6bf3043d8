package org.odap.gateway.resource;

import org.odap.api.client.v1.Action;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.core.access.Permission;
import org.odap.core.resource.ResourceDescriptor;
import org.odap.runtime.identity.Caller;

/**
 * A client's request for an action, checked as far as it can be without a ledger.
 *
 * @param named the resource of its envelope
 * @param touched what it would act on: the named one or what lies below it
 */
record ActionRequest(
    Caller caller,
    PerformActionRequest message,
    ResourceDescriptor named,
    ResourceDescriptor touched) {
  Action action() {
    return message.getAction();
  }

  String dltSystem() {
    return named.dltSystem();
  }

  String requestId() {
    return message.getRequestId();
  }

  Permission permission() {
    return permission(action());
  }

  /** The name of an action, as in ODAP 5.10 and in a ledger's capabilities. */
  static String word(Action action) {
    return action.name().substring("ACTION_".length());
  }

  static Permission permission(Action action) {
    return Permission.valueOf(word(action));
  }
}
