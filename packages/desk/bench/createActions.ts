import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { Step } from '@waybill/trail'

/**
 * Makes customers' actions as a shop's services would tell of them: eleven steps of a page, an API and a worker, with an order of its own, a session that made
 * some others, and a person who comes again. One in ten fails at the model.
 */
export function createActions({ persons = 50_000 }: ActionsOptions = {}) {
  // Keeps the orders of several makers in one store apart.
  const run = mintSpanId().slice(0, 6)
  let count = 0
  let session = ''

  return (at: number): Action => {
    const kind = KINDS[count % KINDS.length]!
    if (count % 3 === 0) session = `s-${mintSpanId()}`
    const order = `A-${run}-${++count}`
    const reference = mintReference()
    const isFailed = count % 10 === 0
    const shared = { reference, traceId: traceIdOf(reference) }
    const step = (after: number, durationMs: number, fields: StepFields): Step => ({
      id: mintSpanId(),
      ...shared,
      at: at + after + Math.floor(Math.random() * 9000) / 1000,
      status: 'ok',
      durationMs: Math.floor(durationMs * (500 + Math.random() * 1000)) / 1000,
      ...fields,
    })
    const customer = { session, person: `C-${Math.floor(Math.random() * persons)}` }
    const path = kind.path.replace(':id', order)
    const [retailer, host] = [`store-${count % 40}`, `10.0.${count % 8}.${count % 200}`]
    const http = { 'http.request.method': kind.method, 'url.path': path, 'server.address': 'api.shop.example' }
    const database = { 'db.system.name': 'postgresql', 'db.namespace': 'shop', 'server.address': host }
    const timeout = { type: 'timeout', message: 'The model did not answer in time' }
    const failure = isFailed && ({ status: 'error', error: timeout } as const)

    const action = step(0, 212, { ...WEB, ...customer, name: kind.name, action: isFailed ? 'failed' : 'succeeded' })
    const call = step(9, 188, {
      ...WEB,
      ...customer,
      name: `${kind.method} ${kind.path}`,
      attempt: 1,
      parentId: action.id,
      attributes: { ...http, 'http.response.status_code': 202 },
    })
    const served = step(24, 151, {
      ...API,
      name: `${kind.method} ${kind.path}`,
      parentId: call.id,
      person: customer.person,
      facts: { order, retailer },
      attributes: { ...http, 'http.response.status_code': 202, 'client.address': host, 'http.route': kind.path },
    })
    const query = (after: number, name: string, cause: Step): Step =>
      step(after, 6, { hop: 'database', service: cause.service, name, parentId: cause.id, attributes: database })
    const read = query(31, 'SELECT orders', served)
    const wrote = query(41, `INSERT ${kind.table}`, served)
    const jobId = `${kind.table}-${mintSpanId()}`
    const queued = step(62, 8, { ...API, hop: 'queue', name: kind.table, parentId: served.id, jobId })
    const worked = step(1240, 2400, {
      ...WORKER,
      name: kind.table,
      parentId: queued.id,
      jobId,
      attempt: 1,
      maxAttempts: 3,
      ...failure,
    })
    const tool = step(1330, 34, {
      ...WORKER,
      hop: 'tool',
      name: 'findCharges',
      parentId: worked.id,
      attributes: { 'gen_ai.tool.name': 'findCharges', 'gen_ai.tool.call.id': `call-${mintSpanId()}` },
    })
    const model = step(1400, 2100, {
      ...WORKER,
      hop: 'model',
      name: 'chat shop-checker',
      parentId: worked.id,
      attributes: {
        'gen_ai.request.model': 'shop-checker',
        'gen_ai.provider.name': 'openai',
        'gen_ai.response.id': `resp-${mintSpanId()}`,
        'gen_ai.usage.input_tokens': 400 + Math.floor(Math.random() * 2000),
        'gen_ai.usage.output_tokens': Math.floor(Math.random() * 400),
      },
      ...failure,
    })
    const updated = query(3550, `UPDATE ${kind.table}`, worked)
    const told = step(3600, 40, {
      ...WORKER,
      hop: 'webhook',
      name: 'POST /hooks/orders',
      parentId: worked.id,
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'server.address': `${retailer}.example`,
      },
    })
    return {
      reference,
      order,
      browser: [action, call],
      api: [served, read, wrote, queued],
      worker: [worked, tool, model, updated, told],
    }
  }
}

export interface ActionsOptions {
  /** Of how many it is one's action. @default 50000 */
  readonly persons?: number | undefined
}

export interface Action {
  readonly reference: Reference
  readonly order: string
  readonly browser: readonly Step[]
  readonly api: readonly Step[]
  readonly worker: readonly Step[]
}

type StepFields = Omit<Step, 'id' | 'reference' | 'traceId' | 'at' | 'durationMs' | 'status'> &
  Partial<Pick<Step, 'status'>>

const WEB = { hop: 'browser', service: 'shop-web' } as const
const API = { hop: 'api', service: 'shop-api' } as const
const WORKER = { hop: 'worker', service: 'shop-worker' } as const

const KINDS = [
  { name: 'Request refund', method: 'POST', path: '/api/orders/:id/refund', table: 'refunds' },
  { name: 'Pay', method: 'POST', path: '/api/orders/:id/payment', table: 'payments' },
  { name: 'Change address', method: 'PUT', path: '/api/orders/:id/address', table: 'addresses' },
  { name: 'Cancel order', method: 'DELETE', path: '/api/orders/:id', table: 'cancellations' },
] as const
