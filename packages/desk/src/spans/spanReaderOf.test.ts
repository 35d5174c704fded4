import { expect, test } from 'vitest'
import { mintReference, traceIdOf } from '@waybill/reference'
import { startTempo } from '../../fixtures/startTempo.ts'
import { spanReaderOf } from './spanReaderOf.ts'

test.each([
  ['clickhouse://reader:pw@localhost:8123/otel/spans', 'clickhouse'],
  ['clickhouses://localhost', 'clickhouse'],
  ['clickhouse://localhost:8123/otel', 'clickhouse'],
  ['tempo://localhost:3200', 'tempo'],
  ['tempos://tempo.example/prefix', 'tempo'],
])('%s is of %s', (address, where) => {
  expect(spanReaderOf(address).where).toBe(where)
})

test.each([
  'http://reader:hunter2@localhost',
  'clickhouse://',
  'tempo:',
  'jaeger://reader:hunter2@localhost',
  'clickhouse://reader:hunter2@localhost/a/b/c',
  'clickhouse://reader:hunter2@localhost/a/b%3Bc',
  'clickhouse://reader:hunter2@local host/a',
  'clickhouse://localhost/otel?user=reader&password=hunter2',
])('%s is refused, in words without the password', (address) => {
  expect(() => spanReaderOf(address)).toThrow(/^\[waybill\] (?!.*hunter2)/)
})

test('a user in the address of Tempo is told in a header', async () => {
  const tempo = await startTempo([])
  const reader = spanReaderOf(`tempo://reader:p%40ss@${tempo.url.host}`)
  const signal = AbortSignal.timeout(10_000)
  const asked = { traceIds: [traceIdOf(mintReference())], mostDays: 1, now: Date.now(), signal }
  expect((await reader.read(asked)).unseen).toEqual([])
  expect(tempo.asked[0]!.authorization).toBe(`Basic ${Buffer.from('reader:p@ss').toString('base64')}`)
  await tempo.close()
})
