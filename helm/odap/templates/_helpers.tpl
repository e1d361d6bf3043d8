{{/* Labels of an object. Arguments: root, component. */}}
{{- define "odap.labels" -}}
{{ include "odap.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Labels that select a component's pods. */}}
{{- define "odap.selector" -}}
app.kubernetes.io/name: odap
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Identity of a component. Arguments: root, component. */}}
{{- define "odap.identity" -}}
{{- $kinds := dict "gateway" (printf "odapgw://%s/%s" .root.Values.organization .root.Values.gateway.name) "log" (printf "odaplog://%s/log" .root.Values.organization) "attester" (printf "odapattestation://%s/attester" .root.Values.organization) "attestation" (printf "odapattestation://%s/attestation" .root.Values.organization) -}}
{{- $standard := get $kinds .component | default (printf "odapledger://%s/%s" .root.Values.organization (trimPrefix "ledger-" .component)) -}}
{{- get .root.Values.identities .component | default $standard -}}
{{- end }}

{{/* Secret with a certificate. Arguments: root, component. */}}
{{- define "odap.tlsSecret" -}}
{{- if .root.Values.tls.certManager.enabled -}}
{{ printf "%s-%s-tls" .root.Release.Name .component }}
{{- else -}}
{{ get .root.Values.tls.secrets .component }}
{{- end -}}
{{- end }}

{{/* Reference to an image. Arguments: root, service. */}}
{{- define "odap.image" -}}
{{- $image := printf "%s/%s" .root.Values.image.registry .service -}}
{{- with get .root.Values.image.digests .service -}}
{{ printf "%s@%s" $image . }}
{{- else -}}
{{ printf "%s:%s" $image (.root.Values.image.tag | default .root.Chart.AppVersion) }}
{{- end -}}
{{- end }}

{{/* Whether the mesh's mutual TLS stands in for a component's own: "true" or "". A gateway's peers come from outside. Arguments: root, component. */}}
{{- define "odap.meshed" -}}
{{- if and .root.Values.mesh.replacesTls (ne .component "gateway") -}}
true
{{- end -}}
{{- end }}

{{/* Name of the port for calls, which begins with its protocol. Arguments: root, component. */}}
{{- define "odap.rpcPort" -}}
{{ if include "odap.meshed" . }}grpc-rpc{{ else }}tls-rpc{{ end }}
{{- end }}

{{/* Ports of which Linkerd reads nothing: those with TLS of the services' own. Arguments: root, component. */}}
{{- define "odap.opaquePorts" -}}
{{ if include "odap.meshed" . }}7444{{ else }}7443,7444,8443{{ end }}
{{- end }}

{{/* What the mesh calls a component. Arguments: root, component. */}}
{{- define "odap.meshName" -}}
{{- if eq .root.Values.mesh.kind "istio" -}}
spiffe://{{ .root.Values.mesh.trustDomain }}/ns/{{ .root.Release.Namespace }}/sa/{{ .root.Release.Name }}-{{ .component }}
{{- else -}}
{{ .root.Release.Name }}-{{ .component }}.{{ .root.Release.Namespace }}.serviceaccount.identity.linkerd.{{ .root.Values.mesh.trustDomain }}
{{- end -}}
{{- end }}

{{/* What every service's configuration holds. Arguments: root, callers (list), ports (rpc, operations), trusted (list), and component where a mesh may stand in for its TLS. */}}
{{- define "odap.config" -}}
tls:
  certificate: /etc/odap/tls/tls.crt
  key: /etc/odap/tls/tls.key
  trusted:
    - organization: {{ .root.Values.organization | quote }}
      certificate: /etc/odap/tls/ca.crt
    {{- range .trusted }}
    - organization: {{ .organization | quote }}
      certificate: /etc/odap/trusted/{{ .organization }}/entity.pem
    {{- end }}
server:
  {{- if and .component (include "odap.meshed" .) }}
  # Envoy comes from within the pod; Linkerd's proxy calls the pod's own address.
  bind-address: {{ eq .root.Values.mesh.kind "istio" | ternary "127.0.0.1" "0.0.0.0" }}
  mesh:
    proxy: {{ .root.Values.mesh.kind }}
    members:
      - name: {{ include "odap.meshName" (dict "root" .root "component" "gateway") }}
        identity: {{ include "odap.identity" (dict "root" .root "component" "gateway") }}
      {{- with .root.Values.mesh.members }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
  {{- else }}
  bind-address: {{ .address | default "0.0.0.0" }}
  {{- end }}
  port: {{ .port | default 7443 }}
  connection-age-max: {{ .root.Values.connectionAgeMax }}
  callers:
    {{- toYaml .callers | nindent 4 }}
operations:
  bind-address: 0.0.0.0
  port: {{ .operationsPort | default 9090 }}
  quiet-period: {{ .root.Values.stop.quietSeconds }}s
  stop-timeout: {{ .root.Values.stop.timeoutSeconds }}s
  {{- if .root.Values.tracing.endpoint }}
  tracing:
    endpoint: {{ .root.Values.tracing.endpoint | quote }}
    ratio: {{ .root.Values.tracing.ratio }}
  {{- end }}
{{- end }}

{{/*
A ConfigMap with config.yaml: what a user wrote, and over it what the chart knows. It is written as JSON, which is YAML
too, since every text is in quotes there: an address 0x5F... would be read as a number without.
Arguments: root, component, name, given, made.
*/}}
{{- define "odap.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .name }}
  labels:
    {{- include "odap.labels" . | nindent 4 }}
data:
  config.yaml: |
    {{- mustMergeOverwrite (deepCopy .given) .made | toPrettyJson | nindent 4 }}
{{- end }}

{{/* A volume of each pod of a StatefulSet, as an item of a list. Arguments: root, component, name, storage. */}}
{{- define "odap.claim" -}}
- metadata:
    name: {{ .name }}
    labels:
      {{- include "odap.selector" . | nindent 6 }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .storage.className }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ .storage.size }}
{{- end }}

{{- define "odap.containerSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Probes over plain HTTP: the kubelet has no certificate to show to the gRPC health service. */}}
{{- define "odap.probes" -}}
startupProbe:
  httpGet: {path: /health/started, port: {{ . }}}
  periodSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /health/live, port: {{ . }}}
  periodSeconds: 10
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /health/ready, port: {{ . }}}
  periodSeconds: 5
  failureThreshold: 2
{{- end }}

{{/*
A pod. Arguments: root, component, service (image), config (ConfigMap's name), configHash, tlsSecret, account,
resources, ports (list), and where there are any: files, mounts, volumes, env, sidecar, replica, spreadStrictly.
*/}}
{{- define "odap.pod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "odap.labels" . | nindent 4 }}
    {{- with .replica }}
    odap/replica: {{ . | quote }}
    {{- end }}
    {{- if eq $root.Values.mesh.kind "istio" }}
    sidecar.istio.io/inject: "true"
    {{- end }}
    {{- with $root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    odap/config: {{ .configHash }}
    {{- if eq $root.Values.mesh.kind "linkerd" }}
    linkerd.io/inject: enabled
    config.linkerd.io/opaque-ports: {{ include "odap.opaquePorts" . | quote }}
    {{- end }}
    {{- if eq $root.Values.mesh.kind "istio" }}
    # What a caller says of itself does not reach the service.
    proxy.istio.io/config: '{"holdApplicationUntilProxyStarts": true, "terminationDrainDuration": "{{ add $root.Values.stop.quietSeconds $root.Values.stop.timeoutSeconds }}s"{{ if include "odap.meshed" . }}, "proxyHeaders": {"forwardedClientCert": "SANITIZE_SET"}{{ end }}}'
    {{- end }}
    {{- with $root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ .account }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ add $root.Values.stop.quietSeconds $root.Values.stop.timeoutSeconds 10 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    # Secrets and volumes are this group's; services take key files that their group may read.
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $root.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "odap.selector" . | nindent 10 }}
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: {{ if .spreadStrictly }}DoNotSchedule{{ else }}ScheduleAnyway{{ end }}
      labelSelector:
        matchLabels:
          {{- include "odap.selector" . | nindent 10 }}
  containers:
    - name: {{ .service }}
      image: {{ include "odap.image" (dict "root" $root "service" .service) }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext:
        {{- include "odap.containerSecurity" . | nindent 8 }}
      {{- with .env }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- toYaml .ports | nindent 8 }}
      {{- include "odap.probes" "http-ops" | nindent 6 }}
      resources:
        {{- toYaml .resources | nindent 8 }}
      volumeMounts:
        - {name: config, mountPath: /etc/odap/config.yaml, subPath: config.yaml, readOnly: true}
        - {name: tls, mountPath: /etc/odap/tls, readOnly: true}
        - {name: tmp, mountPath: /tmp}
        {{- range .files }}
        - {name: file-{{ .name }}, mountPath: /etc/odap/files/{{ .name }}, readOnly: true}
        {{- end }}
        {{- with .mounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .sidecar }}
    {{- . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ .config }}
    - name: tls
      secret:
        secretName: {{ .tlsSecret }}
        defaultMode: 0440
    - name: tmp
      emptyDir:
        sizeLimit: 256Mi
    {{- range .files }}
    - name: file-{{ .name }}
      {{- if .secret }}
      secret:
        secretName: {{ .secret }}
        defaultMode: 0440
      {{- else }}
      configMap:
        name: {{ .configMap }}
      {{- end }}
    {{- end }}
    {{- with .volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* A ledger as it is with its defaults, as YAML. Arguments: root, ledger. */}}
{{- define "odap.ledger" -}}
{{- mergeOverwrite (deepCopy .root.Values.ledgerDefaults) (deepCopy .ledger) | toYaml -}}
{{- end }}

{{/* A headless service: callers resolve all pods and spread calls themselves. Arguments: root, component, name, metrics, and perhaps notReady, raft. */}}
{{- define "odap.headless" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "odap.labels" . | nindent 4 }}
    {{- if .metrics }}
    odap/metrics: "true"
    {{- end }}
  {{- if eq .root.Values.mesh.kind "linkerd" }}
  annotations:
    config.linkerd.io/opaque-ports: {{ include "odap.opaquePorts" . | quote }}
  {{- end }}
spec:
  clusterIP: None
  {{- if .notReady }}
  publishNotReadyAddresses: true
  {{- end }}
  selector:
    {{- include "odap.selector" . | nindent 4 }}
  ports:
    {{- if .raft }}
    - {name: tls-raft, port: 7444, targetPort: tls-raft, appProtocol: tls}
    {{- else }}
    {{- $port := include "odap.rpcPort" . }}
    - {name: {{ $port }}, port: 7443, targetPort: {{ $port }}, appProtocol: {{ trimSuffix "-rpc" $port }}}
    - {name: http-ops, port: 9090, targetPort: http-ops, appProtocol: http}
    {{- end }}
{{- end }}

{{/* Arguments: root, component. */}}
{{- define "odap.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .root.Release.Name }}-{{ .component }}
  labels:
    {{- include "odap.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{/* Arguments: root, component. */}}
{{- define "odap.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .root.Release.Name }}-{{ .component }}
  labels:
    {{- include "odap.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "odap.selector" . | nindent 6 }}
{{- end }}

{{/* Linkerd takes what it does not look into, such as TLS, at a port of its own. */}}
{{- define "odap.meshPort" -}}
{{- if eq .Values.mesh.kind "linkerd" }}
- {port: 4143, protocol: TCP}
{{- end }}
{{- end }}
