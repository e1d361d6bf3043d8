/** The Helm chart as users get it: linted, rendered from example values, and held to rules. */
package org.odap.helm;
