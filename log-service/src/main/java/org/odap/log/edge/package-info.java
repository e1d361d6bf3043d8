/** The log's gRPC services: requests taken apart and checked, answers sent (recovery-01 4.5). */
package org.odap.log.edge;
