import { expect, test } from 'vitest'
import { HELP, readOptions } from './options.ts'

test('takes pg-boss for the queue, and BullMQ on a Redis where a flag or the environment says so', () => {
  const redisOf = (args: readonly string[], env = {}): unknown => Object(readOptions(args, env)).redisUrl
  expect(redisOf([], { REDIS_URL: 'redis://live.example:6379' })).toBeUndefined()
  expect(redisOf(['--queue', 'pg-boss'], { WAYBILL_DEMO_QUEUE: 'bullmq' })).toBeUndefined()
  expect(redisOf(['--queue', 'bullmq'], { REDIS_URL: 'redis://live.example:6379' })).toBe('redis://127.0.0.1:6379')
  const env = { WAYBILL_DEMO_QUEUE: 'bullmq', WAYBILL_DEMO_REDIS_URL: 'rediss://cache.example:6380' }
  expect(redisOf([], env)).toBe('rediss://cache.example:6380')
  expect(HELP).toContain('--queue NAME')
})

test('refuses a queue it does not know, and an address that is none, in words', () => {
  expect(readOptions(['--queue', 'kafka'], {})).toMatchObject({ problem: expect.stringContaining('pg-boss or bullmq') })
  const env = { WAYBILL_DEMO_REDIS_URL: 'user:secret@cache' }
  expect(readOptions(['--queue', 'bullmq'], env)).toEqual({ problem: expect.not.stringContaining('secret') })
})
