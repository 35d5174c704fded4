import { expect, test } from 'vitest'
import { DatabaseFault } from '../store/DatabaseFault.ts'
import { createErrorFilter } from './createErrorFilter.ts'

test('while the database is away the same fault is told once in ten seconds, also from another thread, and every other error each time', () => {
  const heard: unknown[] = []
  let time = 0
  const onError = createErrorFilter({ onError: (error) => heard.push((error as Error).message), elapsed: () => time })
  const fromThread = Object.assign(new Error('[waybill] away'), { fault: 'database' })
  const unwritten = new Error('log', { cause: fromThread })
  for (const error of [new DatabaseFault('[waybill] away'), fromThread, unwritten, new DatabaseFault('[waybill] full')])
    onError(error)
  for (let count = 0; count < 2; count++) onError(new Error('other'))
  time = 9999
  onError(fromThread)
  time = 10_000
  onError(fromThread)
  expect(heard).toEqual(['[waybill] away', '[waybill] full', 'other', 'other', '[waybill] away'])
})
