/** The rules of ODAP as pure functions: no threads, sockets, files, clocks or randomness. */
package org.odap.core;
