import { init } from '@elastic/apm-rum'
import { offer } from '../offer.ts'

const begun = performance.now()
const apm = init({ serviceName: 'shop-web', serverUrl: location.origin, serverUrlPrefix: '/intake/elastic' })
const startMs = performance.now() - begun

offer({
  fetch: (...args) => fetch(...args),
  async act(name, fn) {
    const transaction = apm.startTransaction(name, 'user-interaction', { managed: true })
    await fn((...args) => fetch(...args))
    transaction?.end()
  },
  startMs,
})
