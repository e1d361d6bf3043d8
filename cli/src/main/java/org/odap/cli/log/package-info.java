/** odap log: backups, restore and verification of a log service's store. */
package org.odap.cli.log;
