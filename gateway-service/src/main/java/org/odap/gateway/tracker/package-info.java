/** The TRACKER application profile: a transfer's steps are posted to a tracker (ODAP 5.8). */
package org.odap.gateway.tracker;
