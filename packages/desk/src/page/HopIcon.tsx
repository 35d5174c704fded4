import type { Hop } from '@waybill/trail'

/** The kind of place, drawn; its word stands beside it for those who do not see it. */
export function HopIcon({ hop }: HopIconProps) {
  return (
    <svg className="hop" viewBox="0 0 16 16" role="img" aria-label={hop}>
      <title>{hop}</title>
      <path d={PATHS[hop]} />
    </svg>
  )
}

export interface HopIconProps {
  readonly hop: Hop
}

const PATHS: Readonly<Record<Hop, string>> = {
  browser: 'M2 3h12v10H2zM2 6h12M4 4.5h.01M6 4.5h.01',
  api: 'M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.75h.01M5 11.25h.01',
  queue: 'M3 3.5h10M3 8h10M3 12.5h6',
  worker:
    'M8 5.6a2.4 2.4 0 100 4.8 2.4 2.4 0 000-4.8zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6L5 5M11 11l1.4 1.4M12.4 3.6L11 5M5 11l-1.4 1.4',
  model: 'M8 1.8l1.6 4.6L14.2 8l-4.6 1.6L8 14.2 6.4 9.6 1.8 8l4.6-1.6z',
  tool: 'M13.4 4.2l-2.2 2.2-1.6-1.6 2.2-2.2a3.4 3.4 0 00-4.4 4.4L2.8 11.6l1.6 1.6 4.6-4.6a3.4 3.4 0 004.4-4.4z',
  database:
    'M3 4c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2zm0 0v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2',
  schedule: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.8V8l2.3 1.5',
  webhook: 'M2.5 8h8M7.5 4.5L11 8l-3.5 3.5M13.5 3v10',
  alert: 'M8 2.2L14.4 13H1.6zM8 6.4v3M8 11.2v.01',
  log: 'M3.5 1.8h6.2l2.8 2.8v9.6h-9zM6 7.5h4M6 10.5h4',
  support: 'M2.5 3h11v7.5H8L5 13.2v-2.7H2.5z',
}
