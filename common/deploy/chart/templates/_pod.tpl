{{- define "helios.pod" -}}
automountServiceAccountToken: false
# Kubernetes would set HELIOS_PORT and more, which mean nothing to the desktop.
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
{{- if not (kindIs "invalid" .Values.hostUsers) }}
hostUsers: {{ .Values.hostUsers }}
{{- end }}
{{- range $field := list "serviceAccountName" "runtimeClassName" "priorityClassName" }}
{{- with get $.Values $field }}
{{ $field }}: {{ . }}
{{- end }}
{{- end }}
{{- with include "helios.pod-security" . | fromYaml }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $field := list "imagePullSecrets" "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" }}
{{- with get $.Values $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
containers:
  - name: helios
    {{- include "helios.container" . | nindent 4 }}
volumes:
  {{- include "helios.volumes" . | nindent 2 }}
{{- end }}

{{- define "helios.container" -}}
image: {{ include "helios.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
env:
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ include "helios.text" $value | replace "$(" "$$(" | quote }}
  {{- end }}
  {{- range include "helios.passwords" . | fromYamlArray }}
  - name: {{ .setting }}
    value: /etc/helios/secret/{{ .path }}
  {{- end }}
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
ports:
  - name: http
    containerPort: {{ include "helios.http-port" . }}
  {{- if include "helios.https" . }}
  - name: https
    containerPort: {{ include "helios.https-port" . }}
  {{- end }}
  {{- if include "helios.webrtc" . }}
  - name: webrtc
    containerPort: {{ include "helios.http-port" . }}
    protocol: UDP
  {{- end }}
{{- if not .Values.unprivileged }}
# Its init is root, as it makes the user; the desktop itself has no capability.
{{- end }}
securityContext:
  {{- include "helios.security" . | nindent 2 }}
# Nobody is sent to a desktop that can't be used as it should be: one of its services is down, or doesn't answer.
startupProbe:
  httpGet: { path: {{ include "helios.prefix" . }}health, port: http }
  periodSeconds: 1
  failureThreshold: {{ include "helios.start-seconds" . }}
readinessProbe:
  httpGet: { path: {{ include "helios.prefix" . }}health, port: http }
  {{- toYaml .Values.probes.readiness | nindent 2 }}
# But for no panel that somebody broke is it ended, with all that is open on it: services start anew by themselves. A new container helps
# where the X server has been gone for a minute, or nobody answers at all.
livenessProbe:
  httpGet: { path: {{ include "helios.prefix" . }}health/live, port: http }
  {{- toYaml .Values.probes.liveness | nindent 2 }}
resources:
  {{- include "helios.resources" . | nindent 2 }}
volumeMounts:
  {{- include "helios.mounts" . | nindent 2 }}
{{- end }}

{{/* What all containers of the pod run as; what the values say of that counts first. */}}
{{- define "helios.pod-security" -}}
{{- $own := dict }}
{{- if .Values.unprivileged }}
{{- $_ := set $own "runAsNonRoot" true }}
{{- with .Values.settings.UID }}
{{- $group := int64 ($.Values.settings.GID | default .) }}
{{- $_ := merge $own (dict "runAsUser" (int64 .) "runAsGroup" $group "fsGroup" $group) }}
{{- end }}
{{- end }}
{{- toYaml (merge (deepCopy .Values.podSecurityContext) $own) }}
{{- end }}

{{- define "helios.security" -}}
{{- $security := deepCopy .Values.securityContext }}
{{- if .Values.unprivileged }}
{{- $_ := set $security "capabilities" (omit ($security.capabilities | default dict) "add") }}
{{- end }}
{{- toYaml $security }}
{{- end }}

{{/* As long as the init hooks may take, and a minute for the rest of the start. */}}
{{- define "helios.start-seconds" -}}
{{- $hooks := len .Values.hooks.init }}
{{- if .Values.existingHooks.init }}{{ $hooks = 5 }}{{ end }}
{{- $computed := add (mul $hooks (int64 (.Values.settings.HOOK_TIMEOUT | default 60))) 60 }}
{{- int64 (.Values.probes.startup.seconds | default $computed) }}
{{- end }}

{{- define "helios.resources" -}}
{{- $resources := deepCopy .Values.resources }}
{{- with .Values.gpu }}
{{- if .enabled }}
{{- include "helios.override" (list $resources (dict "limits" (merge (dict .resource (int64 .count)) (get $resources "limits" | default dict)))) }}
{{- end }}
{{- end }}
{{- toYaml $resources }}
{{- end }}
