/** Somewhere for a desk's trails, of this bench's own. */
export interface Place {
  readonly engine: EngineName
  /** A desk's options by which it uses it. */
  readonly desk: { readonly database: string; readonly hashSecret?: string | undefined }
  /** What everything takes on disk, with its indexes. */
  bytes(): Promise<number>
  /** Bytes that were written for it until now; undefined where nobody counts them. Only differences mean something. */
  written(): Promise<number | undefined>
  /** How `written` is counted. */
  readonly writtenIs: string
  remove(): Promise<void>
}

export type EngineName = 'SQLite' | 'PostgreSQL' | 'ClickHouse'

export interface Engine {
  readonly name: EngineName
  make(): Promise<Place>
}
