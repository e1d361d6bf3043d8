{{/* The attester beside a gateway. */}}
{{- define "odap.attester.container" -}}
- name: attester
  image: {{ include "odap.image" (dict "root" . "service" "attestation-service") }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  securityContext:
    {{- include "odap.containerSecurity" . | nindent 4 }}
  ports:
    - {name: http-ops-att, containerPort: 9091}
  {{- include "odap.probes" "http-ops-att" | nindent 2 }}
  resources:
    {{- $resources := deepCopy .Values.attestation.attester.resources }}
    {{- with .Values.attestation.attester.deviceResource }}
    {{- $_ := set $resources.limits . 1 }}
    {{- end }}
    {{- toYaml $resources | nindent 4 }}
  volumeMounts:
    - {name: attester-config, mountPath: /etc/odap/config.yaml, subPath: config.yaml, readOnly: true}
    - {name: attester-tls, mountPath: /etc/odap/tls, readOnly: true}
    - {name: attester-tmp, mountPath: /tmp}
{{- end }}

{{- define "odap.attester.volumes" -}}
- name: attester-config
  configMap:
    name: {{ .Release.Name }}-attester
- name: attester-tls
  secret:
    secretName: {{ include "odap.tlsSecret" (dict "root" . "component" "attester") }}
    defaultMode: 0440
- name: attester-tmp
  emptyDir:
    sizeLimit: 64Mi
{{- end }}
