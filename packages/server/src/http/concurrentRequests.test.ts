import express from 'express'
import { fastify } from 'fastify'
import { mintReference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import type { Step } from '@waybill/trail'
import { expect, test } from 'vitest'
import { expressShop } from '../../fixtures/shops/expressShop.ts'
import { fastifyShop } from '../../fixtures/shops/fastifyShop.ts'
import { fetchShop } from '../../fixtures/shops/fetchShop.ts'
import { honoShop } from '../../fixtures/shops/honoShop.ts'
import { koaShop } from '../../fixtures/shops/koaShop.ts'
import { nodeShop } from '../../fixtures/shops/nodeShop.ts'
import { createMoments } from '../../fixtures/shops/Shop.ts'

/** How often `work` looks which reference is in force. */
const LOOKS = 8

test.each([
  ['Express', expressShop(express)],
  ['Fastify', fastifyShop(fastify)],
  ['Koa', koaShop],
  ['node:http', nodeShop],
  ['Hono on node', honoShop({ withNode: true })],
  ['Hono elsewhere', honoShop({ withNode: false })],
  ['a fetch-standard handler', fetchShop],
])('%s keeps 1 000 concurrent requests apart, a third of which fail', { timeout: 120_000 }, async (_, startShop) => {
  const steps: Step[] = []
  const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
  const shop = await startShop({ waybill, moments: createMoments() })
  const sent = Array.from({ length: 1000 }, () => mintReference())
  const wrong: unknown[] = []
  let missing = 0
  await Promise.all(
    sent.map(async (reference, i) => {
      const fails = i % 3 === 0
      const headers = { 'Trace-Reference': reference, 'Content-Type': 'application/json' }
      const body = JSON.stringify({ fails })
      const response = await fetch(`${shop.origin}/api/work`, { method: 'POST', headers, body })
      const answer = await response.json()
      // A problem tells in its detail what was seen before it failed.
      const seen = fails ? [...String(answer.detail).split(' '), answer.reference] : answer
      missing += fails === (response.status === 409) ? LOOKS + Number(fails) - seen.length : LOOKS
      for (const each of [...seen, response.headers.get('trace-reference')]) if (each !== reference) wrong.push(each)
    }),
  )
  await shop.stop()
  expect({ wrong, missing }).toEqual({ wrong: [], missing: 0 })
  const served = steps.filter(({ hop }) => hop === 'api')
  expect(served.map(({ reference }) => reference).toSorted()).toEqual(sent.toSorted())
  expect(served.filter(({ status }) => status === 'error')).toHaveLength(334)
  const byId = new Map(served.map((step) => [step.id, step.reference]))
  const queries = steps.filter(({ hop }) => hop === 'database')
  expect(queries).toHaveLength(1000)
  expect(queries.filter(({ parentId = '', reference }) => byId.get(parentId) !== reference)).toEqual([])
})
