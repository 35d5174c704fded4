import { expect, test } from 'vitest'
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
])('%s is refused, in words without the password', (address) => {
  expect(() => spanReaderOf(address)).toThrow(/^\[waybill\] (?!.*hunter2)/)
})
