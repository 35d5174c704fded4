import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { CHROMIUM_FLAGS } from './chromiumFlags.ts'
import { findChromium } from './findChromium.ts'

const root = join(import.meta.dirname, '..')
const chromium = findChromium()

export default defineConfig({
  root,
  test: {
    reporters: ['default', join(import.meta.dirname, 'closingLine.ts')],
    projects: [
      {
        root,
        resolve: { conditions: ['waybill-source', ...defaultServerConditions] },
        ssr: { resolve: { conditions: ['waybill-source', ...defaultServerConditions] } },
        test: {
          name: 'node',
          include: ['packages/*/src/**/*.test.ts', 'demo-app/**/*.test.ts', 'test/*.test.ts'],
          exclude: ['**/*.browser.test.*', '**/node_modules/**', '**/dist/**', 'test/journeys/**'],
        },
      },
      {
        root,
        plugins: [react()],
        resolve: { conditions: ['waybill-source', ...defaultClientConditions] },
        optimizeDeps: {
          include: ['react', 'react-dom', 'react-dom/client', 'react/jsx-runtime', 'react/jsx-dev-runtime'],
        },
        test: {
          name: 'browser',
          include: ['packages/*/src/**/*.browser.test.{ts,tsx}'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...(chromium && { executablePath: chromium }), args: [...CHROMIUM_FLAGS] },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        root,
        ssr: { resolve: { conditions: ['waybill-source', ...defaultServerConditions] } },
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
