/** Certificates for development: who is who, without a real authority (ARCH 6). */
package org.odap.cli.pki;
