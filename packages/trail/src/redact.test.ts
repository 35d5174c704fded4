import { maskPath, scrub } from '@waybill/trail'
import { expect, test } from 'vitest'

test.each([
  ['/api/orders/A-1001', '/api/orders/:id'],
  ['https://shop.example/api/v2/back-office/sync?token=abc#x', '/api/v2/back-office/sync'],
  ['/users/mara%40example.com/cards/4242424242424242', '/users/:id/cards/:id'],
  ['/users/mara@example.com', '/users/:id'],
  ['/t/9f8b7c6d5e4f3a2b/aGVsbG8gd29ybGQ', '/t/:id/:id'],
  ['/orders/550e8400-e29b-41d4-a716-446655440000/lines', '/orders/:id/lines'],
  ['/', '/'],
  ['https://shop.example', '/'],
  ['?q=mara', '/'],
  ['relative/path', 'relative/path'],
  ['/reset/abcdefghijklmnopqrstuvwxyzabcdefghijk', '/reset/:id'],
])('masks %s as %s', (url, masked) => {
  expect(maskPath(url)).toBe(masked)
})

test.each([
  'mara.lindqvist@example.com',
  '4242 4242 4242 4242',
  '4242424242424242',
  '+46 70 123 45 67',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc123',
  'sk_live_51H8x7aK2eZvKYlo2C0',
  '"Mara Lindqvist"',
])('takes %s out of an error message', (secret) => {
  const scrubbed = scrub(`Request failed for ${secret} at https://shop.example/a?q=${secret}`)
  expect(scrubbed).not.toContain(secret.replaceAll('"', ''))
  expect(scrubbed).toContain('Request failed for')
})

test('keeps what a program says', () => {
  expect(scrub("Failed to fetch: it can't connect")).toBe("Failed to fetch: it can't connect")
  expect(scrub('HTTP 503 after 30000 ms')).toBe('HTTP 503 after 30000 ms')
})

test('is bounded in time and length for hostile messages', () => {
  for (const unit of ['a', '@', '"', "'", '1', '1 ', '?', '`'])
    expect(scrub(unit.repeat(1_000_000)).length).toBeLessThan(401)
  expect(maskPath('/a'.repeat(100_000)).length).toBeLessThan(100)
})
