/** What a quote must answer: a nonce, once and in time, for one gateway, session and TLS key. */
package org.odap.attestation.challenge;
