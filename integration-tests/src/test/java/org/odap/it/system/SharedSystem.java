package org.odap.it.system;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one system of this run: it is started for the first that asks, healed after each
 * story, and ends with the run. Stories don't meet because each has accounts and assets of its own.
 */
public final class SharedSystem implements ParameterResolver, AfterEachCallback {
  private static final ExtensionContext.Namespace SPACE =
      ExtensionContext.Namespace.create(SharedSystem.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == StorySystem.class;
  }

  @Override
  public StorySystem resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return system(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    system(context).heal();
  }

  private static StorySystem system(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(SPACE)
        .computeIfAbsent(StorySystem.class, any -> StorySystem.start(), StorySystem.class);
  }
}
