/** Application profiles: named extensions that a gateway does or does not support (ODAP 5.8). */
package org.odap.gateway.application;
