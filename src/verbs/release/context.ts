import type { Secret, Service } from "@dagger.io/dagger"
import type { Order } from "../../core/release/targets.ts"
import type { Attesting } from "../attest/attest.ts"
import { openSigner, type Signing } from "../attest/cosign.ts"
import { type Guest, openFarm } from "../farm.ts"
import { openRegistry, type Reachable } from "../registry/skopeo.ts"
import { type TrustTools, trustTool } from "../toolbox.ts"

/** What a caller of a release brings. */
export interface Brought extends Signing, TrustTools, Omit<Guest, "mirror"> {
  order: Order
  password?: Secret
  local?: Service
  /** Whether layers are compressed by zstd. */
  zstd?: boolean
}

/** What a release is made of. */
export interface Train extends Attesting {
  order: Order
  registry: Reachable
  /** Whether layers are compressed by zstd, in place of gzip. */
  zstd: boolean
  /** The archives' date, where that was asked for. */
  asOf?: string
}

/** As much of a release as its registry is asked for. */
export type Opened = Pick<Train, "farm" | "registry" | "commit" | "order">

/** Opens the farm and the registry of a release. */
export async function openTrain({ order, password, local, extra, gitConfig, ssh }: Brought): Promise<Opened> {
  const { repository, commit, username, mirror } = order
  const farm = await openFarm({ extra, mirror, gitConfig, ssh })
  const registry = await openRegistry(farm, { repository, username, password, service: local })
  return { farm, registry, commit, order }
}

/** The same with what signs; throws where there is nothing for it. */
export function board(brought: Brought): Promise<Train> {
  return boarded(brought, true)
}

/** The same with what checks what was signed. */
export function boardToCheck(brought: Brought): Promise<Train> {
  return boarded(brought, false)
}

async function boarded(brought: Brought, isToSign: boolean): Promise<Train> {
  const { ref, time, asOf } = brought.order
  const opened = await openTrain(brought)
  const signer = await openSigner(opened.registry, trustTool(opened.farm, "cosign", brought), brought, isToSign)
  return { ...opened, signer, tools: brought, zstd: brought.zstd ?? false, ref, time, today: time.slice(0, 10), asOf }
}
