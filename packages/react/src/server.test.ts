import { createElement as h, lazy, Suspense } from 'react'
import type { ReactElement } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createWaybill } from '@waybill/browser'
import { mintReference } from '@waybill/reference'
import {
  Confirmation,
  ErrorNotice,
  Receipt,
  useAction,
  useDelivery,
  useReference,
  useSession,
  WaybillBoundary,
  WaybillProvider,
} from '@waybill/react'

test('everything renders on a server, where there is no window, and nothing is minted', () => {
  const waybill = createWaybill({ service: 'shop-web' })
  const reference = mintReference()
  const at = new Date('2026-11-22T10:14:03Z')
  const html = renderToString(
    h(
      WaybillProvider,
      { waybill },
      h(Hooks),
      h(ErrorNotice, { reference, title: 'Your refund was not requested.', onRetry: () => undefined }),
      h(Confirmation, { reference, title: 'Refund requested' }),
      h(Receipt, { reference, title: 'Receipt', at }),
      h(WaybillBoundary, { title: 'Not shown.' }, 'Orders'),
    ),
  )
  expect(html.split(`data-waybill-reference="${reference}"`)).toHaveLength(4)
  expect(html).toContain('<time dateTime="2026-11-22T10:14:03.000Z">22 November 2026 at 10:14 UTC</time>')
  expect(html).toContain('idle,none,none,0')
  expect(waybill.session.actions()).toEqual([])
})

test('streams: a notice that arrives late comes with its code', async () => {
  const reference = mintReference()
  let arrive: (module: { default: () => ReactElement }) => void = () => undefined
  const Late = lazy(() => new Promise<{ default: () => ReactElement }>((resolve) => (arrive = resolve)))
  const problems: unknown[] = []
  const stream = new PassThrough()
  const { pipe } = renderToPipeableStream(h(Suspense, { fallback: 'Loading' }, h(Late)), {
    onShellReady() {
      pipe(stream)
      arrive({ default: () => h(ErrorNotice, { reference, title: 'Your refund was not requested.' }) })
    },
    onError: (error) => void problems.push(error),
  })
  const html = await text(stream)
  expect(html.indexOf('Loading')).toBeLessThan(html.indexOf(`data-waybill-reference="${reference}"`))
  expect(problems).toEqual([])
})

test('a receipt whose date is broken is still a receipt', () => {
  expect(renderToString(h(Receipt, { reference: undefined, title: 'Receipt', at: new Date('?') }))).toContain(
    '<time></time>',
  )
})

function Hooks(): string {
  const { status } = useAction('Request refund', () => undefined)
  return [
    status,
    useDelivery(mintReference()) ?? 'none',
    useReference(new Error()) ?? 'none',
    useSession().length,
  ].join()
}
