import { testConformance } from '../fixtures/conformance/testConformance.ts'

testConformance('chromium')
