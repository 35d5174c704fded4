/**
 * The rewrite by which Next.js forwards what browsers deliver to `/waybill` to the desk: an entry of `rewrites` in `next.config.ts`. Next.js
 * reads it while it builds, so the desk's address is one that is known then.
 *
 * @throws TypeError when the desk's address is no URL, or `path` does not begin with a slash.
 */
export function deliverToRewrite(desk: string, { path = '/waybill' }: RewriteOptions = {}): Rewrite {
  const base = URL.parse(desk)
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new TypeError(
      '[waybill] The desk needs an address to which browsers’ steps are forwarded. Pass a URL such as "https://desk.shop.example".',
    )
  }
  if (!path.startsWith('/') || path.endsWith('/')) {
    throw new TypeError(
      '[waybill] A rewrite needs a path of this origin. Pass { path: "/waybill" }, as deliverTo has it.',
    )
  }
  return { source: `${path}/v1/traces`, destination: `${base.href.replace(/\/$/, '')}/v1/traces` }
}

export interface RewriteOptions {
  /** The browser's `deliverTo`. @default '/waybill' */
  readonly path?: string | undefined
}

export interface Rewrite {
  source: string
  destination: string
}
