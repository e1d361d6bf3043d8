/** The gateway's side of the log service: what is answered here is durable. */
package org.odap.gateway.log;
