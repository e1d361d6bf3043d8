/** Runs transfers: the only loop around the pure machine. */
package org.odap.gateway.driver;
