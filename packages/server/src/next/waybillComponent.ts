import type { ServerWaybill } from '../ServerWaybill.ts'
import { withDigest } from './withDigest.ts'

/**
 * An async server component, such as a page, that renders under the reference of its request: log lines and calls to other services carry
 * it, and `error.digest` of a crash is it, wherever `error.tsx` shows up. It reads the request's headers, so the route is rendered for each
 * request.
 *
 * ```tsx
 * import { headers } from 'next/headers'
 * export default waybillComponent(waybill, async function Page({ params }) { … }, { headers })
 * ```
 */
export function waybillComponent<Props, Node>(
  waybill: ServerWaybill,
  Component: (props: Props) => Node | Promise<Node>,
  { headers }: ComponentOptions,
): (props: Props) => Promise<Node> {
  return async (props) => {
    const context = waybill.accept(await headers())
    try {
      return await waybill.resume(context, () => Component(props))
    } catch (error) {
      throw withDigest(error, context.reference)
    }
  }
}

export interface ComponentOptions {
  /** The one of `next/headers`. */
  readonly headers: () => Promise<object>
}
