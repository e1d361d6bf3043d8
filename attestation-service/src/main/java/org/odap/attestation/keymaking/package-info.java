/**
 * Keys without a dealer, and keys dealt anew (IT-10, OURS): what everyone reckons from what was
 * said.
 *
 * <p>Each dealer deals a polynomial of its own (Feldman's commitments; Pedersen's sum of them). The
 * last to deal can choose its part with the others' in view, and so bend which key comes out, not
 * learn its secret; a BLS key needs no more.
 */
package org.odap.attestation.keymaking;
