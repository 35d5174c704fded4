import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { CHROMIUM_FLAGS } from './chromiumFlags.ts'
import { findChromium } from './findChromium.ts'
import LongestFirst from './longestFirst.ts'

const root = join(import.meta.dirname, '..')
const executablePath = findChromium()
/** The many processes that tests start, and the files of tests themselves, need not compile the same modules again. */
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'node')
const globalSetup = [join(import.meta.dirname, 'runFolder.ts')]

/** A real Chromium; each project needs an object of its own. */
const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { ...(executablePath && { executablePath }), args: [...CHROMIUM_FLAGS] } }),
  instances: [{ browser: 'chromium' as const }],
})

/** A busy machine takes its time; what is as it should be is seen at once all the same. */
const expect = { poll: { timeout: 30_000 } }

/** As Node itself resolves: it knows no condition `module`, under which some packages keep what only bundlers can read. */
const server = { conditions: ['waybill-source', ...defaultServerConditions.filter((each) => each !== 'module')] }

export default defineConfig({
  root,
  test: {
    // Most files wait for a browser or another process most of the time, so there is one more of them than there are cores.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', join(import.meta.dirname, 'closingLine.ts')],
    projects: [
      {
        root,
        resolve: server,
        ssr: { resolve: server },
        test: {
          name: 'node',
          expect,
          include: ['packages/*/{src,bench}/**/*.test.ts', 'demo-app/**/*.test.ts', 'test/*.test.ts'],
          exclude: ['**/*.browser.test.*', '**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          globalSetup,
        },
      },
      {
        root,
        plugins: [react()],
        resolve: { conditions: ['waybill-source', ...defaultClientConditions] },
        // Found in the middle of a run they would make Vite load the page again, with a second React in it.
        optimizeDeps: {
          include: [
            '@testing-library/react',
            'axe-core',
            'jsqr',
            'nanoid',
            'react',
            'react-dom',
            'react-dom/client',
            'react-dom/server',
            'react-error-boundary',
            'react/jsx-dev-runtime',
            'react/jsx-runtime',
            'uqr',
          ],
        },
        test: { name: 'browser', include: ['packages/*/src/**/*.browser.test.{ts,tsx}'], expect, browser: chromium() },
      },
      {
        root: join(root, 'stories'),
        plugins: [storybookTest({ configDir: join(root, 'stories', '.storybook') })],
        test: {
          name: 'stories',
          exclude: ['**/*.mdx'],
          setupFiles: [join(root, 'stories', '.storybook', 'checkLayout.ts')],
          browser: chromium(),
        },
      },
      {
        root,
        ssr: { resolve: server },
        test: {
          name: 'journeys',
          expect,
          include: ['test/journeys/**/*.test.ts'],
          globalSetup,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        root,
        ssr: { resolve: server },
        test: {
          name: 'photograph',
          expect,
          include: ['test/photograph/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
