{{/* The config map of a kind of hooks: one that is there, or the chart's own. */}}
{{- define "helios.hooks" -}}
{{- $ := index . 0 }}
{{- $kind := index . 1 }}
{{- $existing := get $.Values.existingHooks $kind }}
{{- if $existing }}{{ $existing }}{{ else if get $.Values.hooks $kind }}{{ $.name }}-{{ $kind }}{{ end }}
{{- end }}

{{- define "helios.mounts" -}}
- name: home
  mountPath: /home
  {{- with .Values.persistence.subPath }}
  subPath: {{ . }}
  {{- end }}
- { name: run, mountPath: /run }
- { name: tmp, mountPath: /tmp }
- { name: shm, mountPath: /dev/shm }
{{- if include "helios.passwords" . }}
- { name: secret, mountPath: /etc/helios/secret, readOnly: true }
{{- end }}
{{- if .Values.certificate }}
- { name: certificate, mountPath: /etc/helios/certs, readOnly: true }
{{- end }}
{{- range $kind := list "init" "idle" "shutdown" "services" }}
{{- if include "helios.hooks" (list $ $kind) }}
- { name: {{ $kind }}, mountPath: /etc/helios/{{ $kind }}.d, readOnly: true }
{{- end }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "helios.volumes" -}}
- name: run
  emptyDir: { medium: Memory }
- name: tmp
  emptyDir: {{ with .Values.tmp.sizeLimit }}{ sizeLimit: {{ . }} }{{ else }}{}{{ end }}
- name: shm
  emptyDir: { medium: Memory, sizeLimit: {{ .Values.shm.sizeLimit }} }
{{- with include "helios.passwords" . | fromYamlArray }}
- name: secret
  secret:
    secretName: {{ $.Values.secret.existing | default $.name }}
    defaultMode: 256 # for root alone
    items:
      {{- range . }}
      - { key: {{ .key | quote }}, path: {{ .path }} }
      {{- end }}
{{- end }}
{{- with .Values.certificate }}
- name: certificate
  secret: { secretName: {{ . }}, defaultMode: 256 }
{{- end }}
{{- range $kind := list "init" "idle" "shutdown" "services" }}
{{- with include "helios.hooks" (list $ $kind) }}
- name: {{ $kind }}
  configMap: { name: {{ . }} }
{{- end }}
{{- end }}
{{- if not .Values.persistence.enabled }}
- name: home
  emptyDir: {}
{{- else if .Values.persistence.existingClaim }}
- name: home
  persistentVolumeClaim: { claimName: {{ .Values.persistence.existingClaim }} }
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "helios.claims" -}}
{{- if and .enabled (not .existingClaim) }}
persistentVolumeClaimRetentionPolicy:
  whenDeleted: {{ .whenDeleted }}
  whenScaled: Retain
volumeClaimTemplates:
  - metadata:
      name: home
      {{- with .annotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      accessModes:
        {{- toYaml .accessModes | nindent 8 }}
      {{- with .storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .size }}
{{- end }}
{{- end }}
