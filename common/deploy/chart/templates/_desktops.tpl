{{/* helios.each (list ROOT TEMPLATE): a template for each desktop, with its own values laid over the chart's, and its name. */}}
{{- define "helios.each" -}}
{{- $root := index . 0 }}
{{- $template := index . 1 }}
{{- $seen := dict }}
{{- range $desktop := $root.Values.desktops | default (list dict) }}
{{- $values := deepCopy (omit $root.Values "desktops") }}
{{- include "helios.override" (list $values (omit $desktop "name")) }}
{{- $name := include "helios.fullname" (list $root $desktop.name) }}
{{- if hasKey $seen $name }}
{{- fail (printf "desktops: %s is there twice: expected a name of its own for each" $desktop.name) }}
{{- end }}
{{- $_ := set $seen $name true }}
{{- $text := include $template (dict "Values" $values "Release" $root.Release "Chart" $root.Chart "name" $name "seen" $seen) | trim }}
{{- if $text }}
---
{{ $text }}
{{- end }}
{{- end }}
{{- end }}

{{/* helios.override (list BASE OVER): lays one map over another, in place. Lists and false count as they are. */}}
{{- define "helios.override" -}}
{{- $base := index . 0 }}
{{- range $key, $value := index . 1 }}
{{- if and (kindIs "map" $value) (kindIs "map" (get $base $key)) }}
{{- include "helios.override" (list (get $base $key) $value) }}
{{- else }}
{{- $_ := set $base $key $value }}
{{- end }}
{{- end }}
{{- end }}

{{- define "helios.fullname" -}}
{{- $root := index . 0 }}
{{- $chart := $root.Values.nameOverride | default $root.Chart.Name }}
{{- $release := contains $chart $root.Release.Name | ternary $root.Release.Name (printf "%s-%s" $root.Release.Name $chart) }}
{{- $name := $root.Values.fullnameOverride | default $release }}
{{- with index . 1 }}{{ $name = printf "%s-%s" $name . }}{{ end }}
{{- if gt (len $name) 52 }}
{{- fail (printf "the name %s has %d letters: expected at most 52, as Kubernetes adds to it; fullnameOverride sets a shorter one" $name (len $name)) }}
{{- end }}
{{- $name }}
{{- end }}

{{- define "helios.selector" -}}
app: {{ .name }}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* helios.metadata (list CONTEXT SUFFIX): the head of an object. */}}
{{- define "helios.metadata" -}}
{{- $ := index . 0 -}}
name: {{ $.name }}{{ index . 1 }}
labels:
  {{- include "helios.selector" $ | nindent 2 }}
  app.kubernetes.io/managed-by: {{ $.Release.Service }}
  helm.sh/chart: {{ $.Chart.Name }}-{{ $.Chart.Version }}
{{- end }}

{{/* helios.once (list CONTEXT HOSTS): no other desktop of the release is at the same place. */}}
{{- define "helios.once" -}}
{{- $ := index . 0 }}
{{- range $host := index . 1 | default (list "*") }}
{{- $place := printf "%s%s" $host (include "helios.prefix" $) }}
{{- if hasKey $.seen $place }}
{{- fail (printf "desktops: %s and %s are both at %s: expected a host or settings.PREFIX of its own for each" (get $.seen $place) $.name $place) }}
{{- end }}
{{- $_ := set $.seen $place $.name }}
{{- end }}
{{- end }}
