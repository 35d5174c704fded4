import { createWaybill } from '@waybill/browser'
import { offer } from '../offer.ts'

const begun = performance.now()
const waybill = createWaybill({ service: 'shop-web', deliverTo: '/intake/ours' })
const startMs = performance.now() - begun

offer({
  fetch: waybill.fetch,
  act: (name, fn) => waybill.run(name, ({ fetch }) => fn(fetch)),
  flush: () => waybill.flush(),
  clear: () => waybill.session.clear(),
  startMs,
})
