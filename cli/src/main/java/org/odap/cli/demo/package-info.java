/** A whole system on one machine that moves assets there and back, and proves that it did. */
package org.odap.cli.demo;
