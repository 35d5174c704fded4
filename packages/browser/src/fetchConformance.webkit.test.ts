import { describe } from 'vitest'
import { browsersHere } from '../fixtures/openBrowser.ts'
import { testConformance } from '../fixtures/conformance/testConformance.ts'

for (const browser of browsersHere()) {
  if (browser === 'webkit') describe(browser, () => testConformance(browser))
}
