/**
 * What every service needs once: configuration, identity, gRPC, errors, health, metrics, lifecycle.
 */
package org.odap.runtime;
