/**
 * Threshold BLS signatures on BLS12-381 (draft-irtf-cfrg-bls-signature, RFC 9380): public keys in
 * G2 (96 bytes), signatures in G1 (48 bytes), so that what travels with each transfer is small.
 * Points come in only through {@link org.odap.threshold.Points}, which checks curve, subgroup and
 * infinity.
 */
package org.odap.threshold;
