/** A chain for development, demonstrations and tests: never for assets of worth. */
package org.odap.ledger.ethereum.development;
