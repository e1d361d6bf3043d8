/** What an operator keeps in files: asset profiles, VASPs and beneficiaries (ODAP 5.7, ARCH 6). */
package org.odap.resource.catalog;
