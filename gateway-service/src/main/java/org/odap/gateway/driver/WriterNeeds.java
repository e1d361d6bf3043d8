package org.odap.gateway.driver;

import org.odap.runtime.health.ServiceHealth;

/**
 * What this replica needs to be of use.
 *
 * @param log the log service, which answers
 * @param lease the right to write
 */
public record WriterNeeds(ServiceHealth.Condition log, ServiceHealth.Condition lease) {
  /** They are told to a service's health. */
  public static WriterNeeds of(ServiceHealth health) {
    return new WriterNeeds(health.condition("log"), health.condition("lease"));
  }
}
