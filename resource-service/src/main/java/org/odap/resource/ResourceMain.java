package org.odap.resource;

import org.odap.edge.JsonEdge;
import org.odap.resource.catalog.CatalogPart;
import org.odap.resource.edge.OffDltResourceEndpoint;
import org.odap.resource.travelrule.TravelRuleStore;
import org.odap.runtime.lifecycle.ServiceAssembly;
import org.odap.runtime.lifecycle.ServiceMain;

/** The resource service: {@code --config resource.yaml}. */
public final class ResourceMain {
  private ResourceMain() {}

  public static void main(String[] args) {
    service().run(args);
  }

  /** The service, to be run in a process of its own or inside another. */
  public static ServiceMain<ResourceConfig> service() {
    return ServiceMain.of("resource", ResourceConfig.class, ResourceMain::wire);
  }

  private static void wire(ResourceConfig config, ServiceAssembly service) {
    CatalogPart catalog =
        service.add(
            new CatalogPart(config.catalogDirectory(), config.catalogInterval(), service.health()));
    TravelRuleStore travelRule = service.add(new TravelRuleStore(config.dataDirectory()));
    service.serve(new OffDltResourceEndpoint(catalog::current, travelRule));
    config
        .edge()
        .ifPresent(edge ->
            service.door(calls -> new JsonEdge(edge, "ODAP resources", service.tls(), calls)));
  }
}
