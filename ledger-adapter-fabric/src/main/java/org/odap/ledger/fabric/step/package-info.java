/** Transfer steps (ARCH 7, 8) and what else the ledger contract asks for, on a Fabric channel. */
package org.odap.ledger.fabric.step;
