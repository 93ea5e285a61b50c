{{/* What a setting is in the environment: YAML takes on and off for true and false, and large numbers lose nothing. */}}
{{- define "helios.text" -}}
{{- if kindIs "bool" . }}{{ ternary "on" "off" . }}
{{- else if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}
{{- else }}{{ toString . }}
{{- end }}
{{- end }}

{{- define "helios.prefix" -}}
{{- $path := trimAll "/" (.Values.settings.PREFIX | default "") -}}
{{- if $path }}/{{ $path }}/{{ else }}/{{ end }}
{{- end }}

{{- define "helios.https" -}}
{{- if has .Values.settings.HTTPS (list true "on") }}on{{ end }}
{{- end }}

{{/* The port that a proxy asks. */}}
{{- define "helios.scheme" -}}
{{- ternary "https" "http" (eq (include "helios.https" .) "on") }}
{{- end }}

{{- define "helios.webrtc" -}}
{{- if has .Values.settings.WEBRTC (list true "on") }}on{{ end }}
{{- end }}

{{- define "helios.http-port" -}}
{{- int64 (.Values.settings.HTTP_PORT | default 3000) }}
{{- end }}

{{- define "helios.https-port" -}}
{{- int64 (.Values.settings.HTTPS_PORT | default 3001) }}
{{- end }}

{{/* The service's ports: without an address of its own nothing stands between them and the pod's. */}}
{{- define "helios.service-port" -}}
{{- if .Values.service.headless }}{{ include "helios.http-port" . }}{{ else }}{{ int64 .Values.service.port }}{{ end }}
{{- end }}

{{- define "helios.service-https-port" -}}
{{- if .Values.service.headless }}{{ include "helios.https-port" . }}{{ else }}{{ int64 .Values.service.httpsPort }}{{ end }}
{{- end }}

{{- define "helios.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag }}{{ end }}
{{- end }}
{{- end }}

{{/* The passwords that a secret has: for each the setting that names its file, its key and its file's name. */}}
{{- define "helios.passwords" -}}
{{- $settings := .Values.settings }}
{{- with .Values.secret }}
{{- $own := list (list "PASSWORD" .password "password" .passwordKey) (list "VIEW_PASSWORD" .viewPassword "view-password" .viewPasswordKey) (list "PROXY_SECRET" .proxySecret "proxy-secret" .proxySecretKey) }}
{{- range $own }}
{{- $key := ternary (index . 3) (ternary (index . 2) "" (not (empty (index . 1)))) (not (empty $.Values.secret.existing)) }}
{{- $unasked := and (eq (index . 0) "PASSWORD") (eq ($settings.AUTH | default "") "proxy") }}
{{- if and $key (not $unasked) (not (hasKey $settings (printf "%s_FILE" (index . 0)))) }}
- { setting: {{ index . 0 }}_FILE, key: {{ $key | quote }}, path: {{ index . 2 }} }
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What the image would refuse at its start, and no schema can say in a line. */}}
{{- define "helios.refuse" -}}
{{- $files := include "helios.passwords" . }}
{{- with .Values.secret }}
{{- if and .existing (or .password .viewPassword .proxySecret) }}
{{- fail (printf "%s: secret.existing and a password are both set: expected one of them, as the chart puts none into a secret that is there" $.name) }}
{{- end }}
{{- end }}
{{- if not (or .Values.settings.UID .Values.unprivileged) }}
{{- fail (printf "%s: no settings.UID: expected the user's number, which the cluster says with unprivileged: true alone" $.name) }}
{{- end }}
{{- with .Values.settings }}
{{- if eq (.AUTH | default "password") "proxy" }}
{{- if not (or .HOSTS .PROXY_SECRET_FILE (contains "PROXY_SECRET_FILE" $files)) }}
{{- fail (printf "%s: settings.AUTH is proxy, which alone lets in whoever reaches the port: expected settings.HOSTS, secret.proxySecret, or secret.existing with secret.proxySecretKey" $.name) }}
{{- end }}
{{- else if not (or .PASSWORD_FILE (contains "setting: PASSWORD_FILE" $files)) }}
{{- fail (printf "%s: no password: expected secret.password, or secret.existing, the name of a secret; or settings.AUTH: proxy, where a proxy asks users who they are" $.name) }}
{{- end }}
{{- end }}
{{- end }}
