{{/* The components that have a certificate of their own, as a YAML list: name, identity, dns names, whether its key stays. */}}
{{- define "odap.components" -}}
{{- $root := . -}}
{{- range until (int .Values.gateway.replicas) }}
- name: gateway-{{ . }}
  identity: {{ include "odap.identity" (dict "root" $root "component" "gateway") }}
  # Peers list it, and what was signed with it is told by it.
  keepsKey: true
{{- end }}
- name: log
  identity: {{ include "odap.identity" (dict "root" . "component" "log") }}
{{- range .Values.ledgers }}
- name: ledger-{{ .name }}
  identity: {{ include "odap.identity" (dict "root" $root "component" (printf "ledger-%s" .name)) }}
{{- end }}
{{- if .Values.attestation.enabled }}
- name: attester
  identity: {{ include "odap.identity" (dict "root" . "component" "attester") }}
- name: attestation
  identity: {{ include "odap.identity" (dict "root" . "component" "attestation") }}
{{- end }}
{{- end }}

{{/* What values.schema.json can't say; each template begins with it, since any may be rendered first. */}}
{{- define "odap.check" -}}
{{- $names := list -}}
{{- $systems := list -}}
{{- range .Values.ledgers -}}
{{- if has .name $names }}{{ fail (printf "ledgers: name %s twice (expected: each once)" .name) }}{{ end -}}
{{- if has .dltSystem $systems }}{{ fail (printf "ledgers: dltSystem %s twice (expected: each once)" .dltSystem) }}{{ end -}}
{{- $names = append $names .name -}}
{{- $systems = append $systems .dltSystem -}}
{{- if and (eq .kind "ethereum") (not .accounts) }}{{ fail (printf "ledgers: %s: accounts: missing (expected: secret with a key for each of count adapters)" .name) }}{{ end -}}
{{- if and (ne .kind "ethereum") .accounts }}{{ fail (printf "ledgers: %s: accounts: only for kind ethereum" .name) }}{{ end -}}
{{- end -}}
{{- if and .Values.attestation.enabled (not .Values.attestation.verifier.policyConfigMap) }}{{ fail "attestation.verifier.policyConfigMap: missing (expected: a ConfigMap with policy.yaml)" }}{{ end -}}
{{- if and .Values.attestation.enabled (not .Values.attestation.attester.deviceResource) (not .Values.attestation.attester.config.swtpm) }}{{ fail "attestation.attester.deviceResource: missing (expected: the resource under which a device plugin offers the TPM)" }}{{ end -}}
{{- if and .Values.mesh.replacesTls (eq .Values.mesh.kind "none") }}{{ fail "mesh.replacesTls: value: true (expected: false with mesh.kind none)" }}{{ end -}}
{{- if not .Values.tls.certManager.enabled -}}
{{- range include "odap.components" . | fromYamlArray -}}
{{- if not (get $.Values.tls.secrets .name) }}{{ fail (printf "tls.secrets.%s: missing (expected: the name of a secret with tls.crt, tls.key and ca.crt, or tls.certManager.enabled)" .name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if gt (len .Release.Name) 30 }}{{ fail (printf "release name %s: %d characters (expected: at most 30, objects are named after it)" .Release.Name (len .Release.Name)) }}{{ end -}}
{{- end }}
