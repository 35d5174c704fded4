import { expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { forwardTarget } from './forwardTarget.ts'
import type { ForwardOptions } from './forwardTarget.ts'

test('adds each signal’s path to the base address, as OTEL_EXPORTER_OTLP_ENDPOINT has it', () => {
  const addresses = (url: string) => {
    const { addressOf } = forwardTarget({ url })
    return [addressOf('traces'), addressOf('logs'), addressOf('metrics')]
  }
  expect(addresses('http://localhost:4318')).toEqual([
    'http://localhost:4318/v1/traces',
    'http://localhost:4318/v1/logs',
    'http://localhost:4318/v1/metrics',
  ])
  expect(addresses('https://otlp.example/base/?tenant=shop')[0]).toBe('https://otlp.example/base/v1/traces?tenant=shop')
})

test.each<[string, ForwardOptions, RegExp]>([
  ['no address', { url: 'collector:4318' }, /forward\.url is no address/],
  ['an empty one', { url: '' }, /forward\.url is no address/],
  ['another protocol', { url: 'file:///etc/passwd' }, /forward\.url is no address/],
  ['a password in it', { url: 'http://me:hidden-1@localhost' }, /forward\.headers as an Authorization header/],
  ['a signal’s own path', { url: 'http://localhost:4318/v1/traces' }, /Leave it out/],
  ['a header with a line break', { url: 'http://localhost', headers: { 'x-key': 'hidden-1\nb: c' } }, /line break/],
  ['a header without a name', { url: 'http://localhost', headers: { '': 'hidden-1' } }, /HTTP does not allow/],
  ['a queue of nothing', { url: 'http://localhost', queueBytes: 0 }, /forward\.queueBytes is no number of bytes/],
  ['a queue without end', { url: 'http://localhost', queueBytes: Infinity }, /forward\.queueBytes/],
])('a desk does not start with %s to forward to', (_, forward, message) => {
  const start = () => openDesk({ forward })
  expect(start).toThrow(TypeError)
  expect(start).toThrow(message)
  expect(start).not.toThrow(/hidden-1/)
})
