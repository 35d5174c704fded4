import { expect, test } from 'vitest'
import { mintReference } from '@waybill/reference'
test('x', () => expect(mintReference()).toMatch(/-/))
