import { datadogRum } from '@datadog/browser-rum'
import { offer } from '../offer.ts'

const begun = performance.now()
datadogRum.init({
  applicationId: '01234567-89ab-cdef-0123-456789abcdef',
  clientToken: 'pub0123456789abcdef0123456789abcdef',
  site: 'datadoghq.com',
  proxy: `${location.origin}/intake/datadog`,
  service: 'shop-web',
  sessionSampleRate: 100,
  sessionReplaySampleRate: 0,
  trackResources: true,
  trackLongTasks: true,
  trackUserInteractions: true,
  allowedTracingUrls: [location.origin],
})
const startMs = performance.now() - begun

offer({
  fetch: (...args) => fetch(...args),
  act(name, fn) {
    datadogRum.addAction(name)
    return fn((...args) => fetch(...args))
  },
  startMs,
})
