/** Documents that people and other systems write as JSON, held against the published schemas. */
package org.odap.runtime.json;
