/** Evidence of transfers as files: exporting, verifying, telling (ARCH 5.3). */
package org.odap.cli.evidence;
