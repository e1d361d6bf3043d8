/** Systems of processes for stories: who is in them, how to talk to them, how to hurt them. */
package org.odap.it.system;
