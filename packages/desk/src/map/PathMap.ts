import type { Hop } from '@waybill/trail'

/** The way that requests took through the system, as the desk saw it; the answer of `GET /api/map`, as JSON. */
export interface PathMap {
  /** ISO 8601. */
  readonly since: string
  /** How many trails it was drawn from, the newest. */
  readonly trails: number
  /** Whether there are more than those. */
  readonly more: boolean
  /** Trails that only browsers told of: no server knows them. */
  readonly claimedTrails: number
  /** In the order in which a request meets them. An edge and an end name a place by its index here. */
  readonly places: readonly MapPlace[]
  readonly edges: readonly MapEdge[]
  /** After which place nothing more was heard of a trail, the most frequent first. */
  readonly ends: readonly MapEnd[]
  /** Places and edges that were left out because there are too many. */
  readonly leftOut: number
}

/** One service in one role. */
export interface MapPlace {
  readonly service: string
  readonly hop: Hop
  readonly steps: number
  readonly failed: number
  readonly trails: number
  /** Whether only browsers told of it, and nothing that a server did proves that they were the customer's. */
  readonly claimed: boolean
}

/** The work of one place that led to work of another, by parent links, or by the job that a worker took. */
export interface MapEdge {
  readonly from: number
  readonly to: number
  readonly steps: number
  /** How many of those failed. */
  readonly failed: number
  readonly trails: number
  /** ISO 8601. */
  readonly lastAt: string
  readonly claimed: boolean
}

export interface MapEnd {
  readonly place: number
  readonly trails: number
  /** What that says, where it says something: `no worker step followed`. */
  readonly note: string | null
}
