/**
 * What is stored: names of logs, checked entries, and the bytes they are kept as (recovery-01 5).
 */
package org.odap.log.entry;
