import { expect, test } from 'vitest'
import { databaseAddress, shownAddress } from './databaseAddress.ts'

test.each([
  ['waybill.db', 'sqlite'],
  [':memory:', 'sqlite'],
  ['/var/lib/waybill/desk.db', 'sqlite'],
  [String.raw`C:\waybill\desk.db`, 'sqlite'],
  ['C:/waybill/desk.db', 'sqlite'],
  ['postgres://desk@db.example/waybill', 'postgres'],
  ['PostgreSQL:///waybill?host=/var/run/postgresql', 'postgres'],
  ['clickhouse://default:x@localhost:8123/waybill', 'clickhouse'],
  ['clickhouses://localhost', 'clickhouse'],
])('%s is of %s', (database, engine) => {
  expect(databaseAddress(database).engine).toBe(engine)
})

test.each(['mysql://desk:hunter2@db/waybill', 'postgres://desk:hunter2@:99999/x', 'http://desk:hunter2@db'])(
  '%s is refused, in words without the password',
  (database) => {
    expect(() => databaseAddress(database)).toThrow(/^\[waybill\] (?!.*hunter2)/)
  },
)

test('a password is not shown', () => {
  expect(shownAddress('postgres://desk:hunter2@db/waybill')).toBe('postgres://desk:…@db/waybill')
  expect(shownAddress('postgres://db/waybill?user=desk&password=hunter2')).not.toContain('hunter2')
  expect(shownAddress('postgres://us%zzer:hunter2@db/waybill')).toBe('postgres://us%zzer:…@db/waybill')
  expect(shownAddress('postgres://db/waybill')).toBe('postgres://db/waybill')
  expect(shownAddress('postgres://desk%ZZ:hunter2@db/waybill')).toBe('postgres://desk%ZZ:…@db/waybill')
  expect(shownAddress('waybill.db')).toBe('waybill.db')
})
