import { attributesOf } from './otlpAttributes.ts'
import { fieldOf, listIn } from './otlpFields.ts'
import type { ReferenceOptions } from './referenceFor.ts'
import type { Step } from './Step.ts'
import { stepOfLogRecord } from './stepOfLogRecord.ts'
import { stepOfSpan } from './stepOfSpan.ts'

/**
 * Reads the parsed JSON of an OTLP/HTTP request with traces or logs, from our packages or from any OpenTelemetry SDK. Never throws:
 * what cannot be a step is counted in `rejected`, with the reasons in words, and the rest is kept; what had to be left out of a step that
 * is kept is in `leftOut`. A span belongs to the reference its trace-id stands for, or, under a foreign trace-id, to the one in
 * `waybill.reference`; one that names two is rejected. So does a log record, which becomes a step of hop `log`; see `stepOfLogRecord`.
 */
export function decodeOtlp(body: unknown, options: DecodeOptions = {}): DecodedOtlp {
  const { signal = 'traces', claimed = false, ...identity } = options
  const { groups, scopes, records, stepOf } = SIGNALS[signal]
  const steps: Step[] = []
  const reasons = new Set<string>()
  const leftOut = new Set<string>()
  const counts = { rejected: 0, passedOver: 0 }
  const leaveOut = (what: string): void => void leftOut.add(what)
  for (const group of listIn(body, groups)) {
    const resource = attributesOf(fieldOf(fieldOf(group, 'resource'), 'attributes'))
    for (const record of listIn(group, scopes).flatMap((scope) => listIn(scope, records))) {
      const step = stepOf(record, resource, { ...identity, claimed, leaveOut })
      if (step === null) counts.passedOver++
      else if (typeof step !== 'string') steps.push(step)
      else {
        counts.rejected++
        reasons.add(step)
      }
    }
  }
  return { steps, ...counts, reasons: [...reasons], leftOut: [...leftOut] }
}

/** What an OTLP request delivers, as its path has it: `/v1/traces`, `/v1/logs`. */
export type OtlpSignal = 'traces' | 'logs'

export interface DecodeOptions extends ReferenceOptions {
  /** @default 'traces' */
  readonly signal?: OtlpSignal | undefined
  /** Whether it comes from a browser, of whose log lines no text is kept. @default false */
  readonly claimed?: boolean | undefined
}

export interface DecodedOtlp {
  readonly steps: Step[]
  readonly rejected: number
  readonly reasons: string[]
  /** Log records that are for no trail, which is no fault of their sender: of no reference, or below INFO. */
  readonly passedOver: number
  /** In words, each once: facts that break the rule for facts. */
  readonly leftOut: string[]
}

const SIGNALS = {
  traces: { groups: 'resourceSpans', scopes: 'scopeSpans', records: 'spans', stepOf: stepOfSpan },
  logs: { groups: 'resourceLogs', scopes: 'scopeLogs', records: 'logRecords', stepOf: stepOfLogRecord },
} as const
