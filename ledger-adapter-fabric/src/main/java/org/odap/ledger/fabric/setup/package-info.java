/** What a fresh development channel needs before transfers: classes, and an owner's consent. */
package org.odap.ledger.fabric.setup;
