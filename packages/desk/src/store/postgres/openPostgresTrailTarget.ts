import type { NamespaceOptions } from '@waybill/reference'
import type { TrailTarget } from '../../migrate/TrailRecord.ts'

export async function openPostgresTrailTarget(
  options: { readonly url: URL; readonly hashSecret?: string | undefined } & NamespaceOptions,
): Promise<TrailTarget> {
  throw new TypeError(`[waybill] Not yet ${options.url.host}.`)
}
