import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer } from '@waybill/desk'
import { mintReference } from '@waybill/reference'
import { expect, test } from 'vitest'

const program = join(import.meta.dirname, '..', '..', '..', 'server', 'fixtures', 'stockTracer.ts')

test.each(['http/protobuf', 'http/json'])(
  'OpenTelemetry’s own SDK delivers to the desk by %s, with environment variables alone, and warns of nothing',
  async (protocol) => {
    const desk = await startDesk({
      database: ':memory:',
      readToken: 'token-for-reading',
      ingestKeys: ['secret-key-for-servers'],
      port: 0,
    })
    const reference = mintReference()
    const env = {
      ...process.env,
      OTEL_SERVICE_NAME: 'refunds-js',
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: desk.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20secret-key-for-servers',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_LOG_LEVEL: 'warn',
      REFERENCE: reference,
    }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--no-warnings', program], { env })
    const headers = { authorization: 'Bearer token-for-reading' }
    const answer = await fetch(`${desk.url}/api/trails/${reference}`, { headers })
    const { matches } = (await answer.json()) as LookUpAnswer
    await desk.stop()
    expect([stdout, stderr]).toEqual(['', ''])
    expect(matches[0]?.steps.map(({ service, name }) => [service, name])).toEqual([
      ['refunds-js', 'POST /api/refunds'],
      ['refunds-js', 'check'],
    ])
  },
)
