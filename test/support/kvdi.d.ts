import type { EnvVar, ResourceRequirements, Volume, VolumeDevice, VolumeMount } from "kubernetes-types/core/v1"
import type { ObjectMeta } from "kubernetes-types/meta/v1"

/** The fields of kVDI's desktops.kvdi.io/v1 Template that a desktop's image may need, as its 0.3 has them; pod fields are Kubernetes' own. */
export interface Template {
  apiVersion: "desktops.kvdi.io/v1"
  kind: "Template"
  metadata: ObjectMeta & { name: string }
  spec: {
    imagePullSecrets?: { name: string }[]
    volumes?: Volume[]
    desktop: {
      image: string
      imagePullPolicy?: "Always" | "IfNotPresent" | "Never"
      resources?: ResourceRequirements
      env?: EnvVar[]
      envTemplates?: { [name: string]: string }
      volumeMounts?: VolumeMount[]
      volumeDevices?: VolumeDevice[]
      capabilities?: string[]
      allowRoot?: boolean
      init?: "supervisord" | "systemd"
    }
    proxy?: {
      image?: string
      allowFileTransfer?: boolean
      socketAddr?: `unix://${string}` | `tcp://${string}`
      pulseServer?: string
      resources?: ResourceRequirements
    }
    tags?: { [name: string]: string }
  }
}
