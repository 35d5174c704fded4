import { setTimeout as sleep } from 'node:timers/promises'
import {
  BadRequestException,
  Catch,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Logger,
  Module,
  Param,
  Post,
} from '@nestjs/common'
import type { ArgumentsHost, CallHandler, ExceptionFilter, INestApplication, NestInterceptor } from '@nestjs/common'
import { HttpAdapterHost, NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { mintReference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { waybillMiddleware } from '@waybill/server/express'
import { waybillPlugin } from '@waybill/server/fastify'
import type { Step } from '@waybill/trail'
import { tap } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

let steps: Step[] = []
const seen: Record<string, unknown> = {}
const waybill = createWaybill({ service: 'shop-api', onStep: (step) => steps.push(step) })
const look = (where: string): void => {
  seen[where] = waybill.current()?.reference
}

/** The recipe of the README, with decorators called as the functions they are. */
class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Problem')
  readonly #host: HttpAdapterHost

  constructor(host: HttpAdapterHost) {
    this.#host = host
  }

  catch(error: unknown, host: ArgumentsHost): void {
    look('filter')
    const { httpAdapter } = this.#host
    const response: unknown = host.switchToHttp().getResponse()
    const isKnown = error instanceof HttpException
    const status = isKnown ? error.getStatus() : 500
    // A pipe that validates says in a list what is wrong.
    const said = isKnown && status < 500 ? (Object(error.getResponse()).message ?? error.message) : []
    const detail = [said].flat().join('; ') || undefined
    const reference = waybill.current()?.reference
    if (status >= 500) this.#logger.error(error instanceof Error ? error.stack : error, reference)
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json')
    httpAdapter.reply(response, { title: 'The request could not be completed.', status, detail, reference }, status)
  }
}
Catch()(ProblemFilter)

class ReferenceInterceptor implements NestInterceptor {
  intercept(_context: unknown, next: CallHandler) {
    look('interceptor')
    return next.handle().pipe(tap(() => look('after')))
  }
}

class OrdersController {
  async refund(id: string) {
    await sleep(Math.random() * 5)
    look('handler')
    return { id, reference: waybill.current()?.reference }
  }
  async fail() {
    await sleep(1)
    throw new RangeError('password of jane@example.com')
  }
  validate() {
    throw new BadRequestException(['amount must be a number', 'currency must be known'])
  }
  refuse() {
    throw new ForbiddenException('for staff')
  }
}
const routes = {
  refund: Post(':id/refund'),
  fail: Get(':id'),
  validate: Post(':id/payments'),
  refuse: Get(':id/secrets'),
}
for (const [name, decorate] of Object.entries(routes)) {
  const descriptor = Object.getOwnPropertyDescriptor(OrdersController.prototype, name)
  if (descriptor) decorate(OrdersController.prototype, name, descriptor)
}
Param('id')(OrdersController.prototype, 'refund', 0)
Controller('orders')(OrdersController)

class ShopModule {
  readonly name = 'shop'
}
Module({ controllers: [OrdersController] })(ShopModule)

const startExpress = async (): Promise<INestApplication> => {
  const app = await NestFactory.create(ShopModule, new ExpressAdapter(), { logger: false })
  app.use(waybillMiddleware(waybill))
  return app
}
const startFastify = async (): Promise<INestApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(ShopModule, new FastifyAdapter(), { logger: false })
  await app.register(waybillPlugin(waybill))
  return app
}

describe.each([
  ['platform-express', startExpress],
  ['platform-fastify', startFastify],
])('the recipe for Nest on %s', (_, start) => {
  let app: INestApplication
  let origin: string

  beforeAll(async () => {
    app = await start()
    app.setGlobalPrefix('api')
    app.useGlobalGuards({
      canActivate() {
        look('guard')
        return true
      },
    })
    app.useGlobalInterceptors(new ReferenceInterceptor())
    app.useGlobalFilters(new ProblemFilter(app.get(HttpAdapterHost)))
    await app.listen(0, '127.0.0.1')
    origin = await app.getUrl()
  })
  afterAll(() => app.close())
  beforeEach(() => {
    steps = []
    for (const where of Object.keys(seen)) delete seen[where]
  })

  test('has the reference in force in guards, interceptors and handlers, and names the step by the route', async () => {
    const reference = mintReference()
    const headers = { 'Trace-Reference': reference, 'Content-Type': 'application/json' }
    const response = await fetch(`${origin}/api/orders/A-1001/refund`, { method: 'POST', headers, body: '{}' })
    expect(await response.json()).toEqual({ id: 'A-1001', reference })
    expect(response.headers.get('trace-reference')).toBe(reference)
    expect(seen).toEqual({ guard: reference, interceptor: reference, handler: reference, after: reference })
    await expect.poll(() => steps.length).toBe(1)
    expect(steps).toMatchObject([
      {
        reference,
        name: 'POST /api/orders/:id/refund',
        status: 'ok',
        attributes: { 'http.response.status_code': 201 },
      },
    ])
  })

  test('answers an exception with a problem that holds the reference and nothing of the inside', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {})
    const broken = await fetch(`${origin}/api/orders/A-1001`)
    const refused = await fetch(`${origin}/api/orders/A-1001/secrets`)
    expect([broken.status, refused.status]).toEqual([500, 403])
    expect(broken.headers.get('content-type')).toMatch(/^application\/problem\+json\b/)
    const invalid = await fetch(`${origin}/api/orders/A-1001/payments`, { method: 'POST' })
    expect(await invalid.json()).toMatchObject({
      status: 400,
      detail: 'amount must be a number; currency must be known',
    })
    await expect.poll(() => steps.length).toBe(3)
    const [first, second, third] = steps
    const title = 'The request could not be completed.'
    expect(await broken.json()).toEqual({ title, status: 500, reference: first?.reference })
    expect(await refused.json()).toEqual({ title, status: 403, detail: 'for staff', reference: second?.reference })
    expect(seen['filter']).toBe(third?.reference)
    expect(logged.mock.calls).toEqual([[expect.stringContaining('RangeError: password'), first?.reference]])
    logged.mockRestore()
    expect(first).toMatchObject({ name: 'GET /api/orders/:id', status: 'error', error: { type: '500' } })
    expect(second).toMatchObject({ name: 'GET /api/orders/:id/secrets', error: { type: '403' } })
  })

  test('knows no route for an address that does not exist', async () => {
    const response = await fetch(`${origin}/api/nowhere`)
    expect(await response.json()).toMatchObject({ status: 404 })
    await expect.poll(() => steps.length).toBe(1)
    expect(steps).toMatchObject([{ name: 'GET /api/nowhere', error: { type: '404' } }])
    expect(steps[0]?.attributes).not.toHaveProperty('http.route')
  })

  test('keeps 200 concurrent requests apart', async () => {
    const wrong = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const reference = mintReference()
        const headers = { 'Trace-Reference': reference }
        const response = await fetch(`${origin}/api/orders/A-1/refund`, { method: 'POST', headers })
        const { reference: seenThere } = await response.json()
        return seenThere !== reference || response.headers.get('trace-reference') !== reference
      }),
    )
    expect(wrong.filter(Boolean)).toEqual([])
  })
})
