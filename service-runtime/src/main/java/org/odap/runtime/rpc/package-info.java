/** gRPC with mutual TLS: servers, channels, who calls, and how failures travel. */
package org.odap.runtime.rpc;
