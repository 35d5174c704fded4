import type { WaybillOptions } from '../WaybillOptions.ts'
import { createDoctor } from './createDoctor.ts'
import type { Doctor } from './createDoctor.ts'

/**
 * The `fetch` that a waybill sends with: the application's own, or the page's, which in development the doctor watches. Bundlers drop
 * the doctor from production builds; where there is neither a bundler nor Node, nobody says that it is development.
 */
export function pageFetch({ fetch: own, doctor = true, tracedOrigins }: WaybillOptions): Doctor {
  const fetch = own ?? globalThis.fetch.bind(globalThis)
  try {
    if (process.env.NODE_ENV !== 'production' && doctor && !own && typeof document !== 'undefined')
      return createDoctor({ fetch, tracedOrigins })
  } catch {
    // There is no `process`, or it is one of the page's own.
  }
  return { fetch, fetchUntraced: fetch }
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }
