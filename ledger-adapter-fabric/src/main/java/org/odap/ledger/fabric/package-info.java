/** The Fabric adapter as a service. */
package org.odap.ledger.fabric;
