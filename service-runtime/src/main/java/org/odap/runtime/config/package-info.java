/** Typed configuration: one YAML file a service, read into a record; every mistake told at once. */
package org.odap.runtime.config;
