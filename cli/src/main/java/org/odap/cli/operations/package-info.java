/** What operators order of a gateway. */
package org.odap.cli.operations;
