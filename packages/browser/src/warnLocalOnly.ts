import type { WaybillOptions } from './WaybillOptions.ts'

/** Says once, in development and on a page, that nobody but this device has what references stand for. As `checkOptions`, none of it is in production. */
export function warnLocalOnly(options: WaybillOptions): void {
  try {
    if (process.env.NODE_ENV !== 'production') {
      if (warned || options.deliverTo !== undefined || typeof document === 'undefined') return
      warned = true
      console.warn(LOCAL_ONLY)
    }
  } catch {
    // There is no `process`, or one of the page's own.
  }
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }

let warned = false

const LOCAL_ONLY =
  '[waybill] There is no deliverTo, so what happens here never leaves this device, and support cannot find it by the reference. Set deliverTo to the address of the desk or of an OpenTelemetry collector, such as "/waybill".'
