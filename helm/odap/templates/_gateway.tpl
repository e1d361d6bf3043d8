{{/* What the chart knows of a gateway's configuration. Arguments: root, number. */}}
{{- define "odap.gateway.config" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{ include "odap.config" (dict "root" $root "callers" $values.gateway.callers "trusted" $values.tls.trusted) }}
access-file: /etc/odap/access/access.yaml
{{- if $values.gateway.edge }}
edge:
  bind-address: 0.0.0.0
  port: 8443
{{- end }}
log:
  address: {{ $root.Release.Name }}-log:7443
  identity: {{ include "odap.identity" (dict "root" $root "component" "log") }}
  mesh: {{ $values.mesh.replacesTls }}
ledgers:
  {{- range $values.ledgers }}
  - {{- mustMergeOverwrite (deepCopy (.gateway | default dict)) (dict
        "dlt-system" .dltSystem
        "adapter" (dict
          "address" (printf "%s-ledger-%s:7443" $root.Release.Name .name)
          "identity" (include "odap.identity" (dict "root" $root "component" (printf "ledger-%s" .name)))
          "mesh" $values.mesh.replacesTls)) | toYaml | nindent 4 }}
  {{- end }}
{{- if gt (int $values.gateway.replicas) 1 }}
replicas:
  {{- range without (until (int $values.gateway.replicas)) .number }}
  - /etc/odap/replicas/gateway-{{ . }}.pem
  {{- end }}
{{- end }}
{{- if $values.attestation.enabled }}
attestation:
  # In the same pod, so on the same machine.
  service:
    address: 127.0.0.1:7445
    identity: {{ include "odap.identity" (dict "root" $root "component" "attester") }}
  verifier:
    address: {{ $root.Release.Name }}-attestation:7443
    identity: {{ include "odap.identity" (dict "root" $root "component" "attestation") }}
    mesh: {{ $values.mesh.replacesTls }}
{{- end }}
{{- end }}
