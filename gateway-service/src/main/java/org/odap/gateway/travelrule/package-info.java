/** Who sends and who gets an asset, told to the other VASP and to nobody else (ARCH 6). */
package org.odap.gateway.travelrule;
