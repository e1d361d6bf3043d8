/** When a block counts as settled (ODAP 9): by configuration, since chains differ. */
package org.odap.ledger.ethereum.finality;
