// What a server that renders pages does with the packages for browsers, and whether they keep to the vectors; says so as JSON.
import { readFileSync } from 'node:fs'
import { QueryClient } from '@tanstack/react-query'
import { createWaybill } from '@waybill/browser'
import { kyHooks } from '@waybill/browser/ky'
import { ErrorNotice, WaybillProvider } from '@waybill/react'
import { waybillMutations, waybillQueries } from '@waybill/react-query'
import { formatReference, mintReference, parseReference, referenceOfTraceId, traceIdOf } from '@waybill/reference'
import { findReferences } from '@waybill/reference/reading'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

const vectors = JSON.parse(
  readFileSync(new URL('node_modules/@waybill/reference/vectors.json', import.meta.url), 'utf8'),
)
const wrong = []
for (const { namespace, printed, traceId } of vectors.traceIds) {
  const { reference } = parseReference(printed)
  if (traceIdOf(reference, { namespace }) !== traceId) wrong.push(printed)
  if (referenceOfTraceId(traceId, { namespace })?.reference !== reference) wrong.push(traceId)
}
for (const { text, found } of vectors.read) if (findReferences(text).length !== found.length) wrong.push(text)

const minted = new Set()
for (let count = 0; count < 2000; count++) {
  const reference = mintReference({ length: [8, 9, 10, 12][count % 4] })
  if (!parseReference(formatReference(reference)).ok) wrong.push(reference)
  minted.add(reference)
}

const waybill = createWaybill({ service: 'shop-web', deliverTo: '/waybill', key: 'public' })
const client = new QueryClient({ mutationCache: waybillMutations(waybill), queryCache: waybillQueries(waybill) })
if (!client.getQueryCache() || kyHooks(waybill).beforeRetry?.length !== 1) wrong.push('the glue')
const notice = createElement(ErrorNotice, { reference: mintReference(), title: 'Your refund was not requested.' })
const html = renderToStaticMarkup(createElement(WaybillProvider, { waybill }, notice))
const [rendered] = /Your refund was not requested\./.exec(html) ?? []

console.log(JSON.stringify({ node: process.versions.node, minted: minted.size, wrong, rendered }))
