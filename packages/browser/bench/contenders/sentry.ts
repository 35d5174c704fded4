import * as Sentry from '@sentry/browser'
import { offer } from '../offer.ts'

const begun = performance.now()
Sentry.init({
  dsn: 'https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/1',
  tunnel: '/intake/sentry',
  integrations: [Sentry.browserTracingIntegration()],
  tracesSampleRate: 1,
})
const startMs = performance.now() - begun

offer({
  fetch: (...args) => fetch(...args),
  act: (name, fn) => Sentry.startSpan({ name, op: 'ui.action' }, () => fn((...args) => fetch(...args))),
  startMs,
})
