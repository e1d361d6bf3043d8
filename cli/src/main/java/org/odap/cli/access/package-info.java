/** Access files: what they allow, and what is wrong with them (ODAP 5.5). */
package org.odap.cli.access;
