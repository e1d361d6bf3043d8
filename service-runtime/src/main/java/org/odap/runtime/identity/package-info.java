/**
 * Who is who: TLS keys and certificates, the identity a certificate speaks for, who may call what,
 * and signing keys.
 */
package org.odap.runtime.identity;
