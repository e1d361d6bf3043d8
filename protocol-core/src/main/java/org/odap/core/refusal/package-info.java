/** Why a message, a log or an order is refused. */
package org.odap.core.refusal;
