/** The way to a Fabric network: a peer's Gateway service, our identity there, what it answers. */
package org.odap.ledger.fabric.network;
