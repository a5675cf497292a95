{{- define "parsimony.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "parsimony.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "parsimony.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "parsimony.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "parsimony.selectorLabels" -}}
app.kubernetes.io/name: {{ include "parsimony.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "parsimony.labels" -}}
{{ include "parsimony.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "parsimony.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "parsimony.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "parsimony.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}

{{/* Variables that the chart decides: where things are in the pod. Behind those of the user, so that they hold. */}}
{{- define "parsimony.env" -}}
- name: HOST
  value: 0.0.0.0
- name: PORT
  value: "4000"
- name: PARSIMONY_HOME
  value: /data
- name: PARSIMONY_DRAIN_SECONDS
  value: {{ .Values.drain.seconds | quote }}
- name: PARSIMONY_DRAIN_DELAY_SECONDS
  value: {{ .Values.drain.delaySeconds | quote }}
{{- if .Values.budgets.enabled }}
- name: PARSIMONY_BUDGETS_URL
  value: http://{{ include "parsimony.budgetsName" . }}:4001
{{ include "parsimony.serviceToken" . }}
{{- end }}
{{- if .Values.tls.existingSecret }}
- name: PARSIMONY_TLS_CERT
  value: /tls/tls.crt
- name: PARSIMONY_TLS_KEY
  value: /tls/tls.key
{{- end }}
{{- end -}}

{{- define "parsimony.budgetsName" -}}
{{ include "parsimony.fullname" . }}-budgets
{{- end -}}

{{- define "parsimony.serviceToken" -}}
- name: PARSIMONY_SERVICE_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ default (include "parsimony.budgetsName" .) .Values.budgets.tokenSecret }}
      key: PARSIMONY_SERVICE_TOKEN
{{- end -}}

{{- define "parsimony.scheme" -}}
{{ ternary "HTTPS" "HTTP" (ne .Values.tls.existingSecret "") }}
{{- end -}}

{{- define "parsimony.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "parsimony.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Secrets by name, as data of a Secret. */}}
{{- define "parsimony.secretData" -}}
{{- if not (hasKey .Values.secrets "DATABASE_URL") }}
{{- fail "set existingSecret to a Secret with DATABASE_URL, or secrets.DATABASE_URL" }}
{{- end }}
{{- range $name, $value := .Values.secrets }}
{{ $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end -}}

{{- define "parsimony.configData" -}}
{{- range $name, $value := .Values.env }}
{{ $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end -}}
