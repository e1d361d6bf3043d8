/** What the gateway's operators order: halts and limits, shared by its replicas. */
package org.odap.gateway.operation;
