import { cleanText } from '@waybill/trail'
import { destination as openDestination, pino } from 'pino'
import type { AccessLogLine } from '../access/createAccess.ts'
import { errorFields } from './errorFields.ts'

/**
 * What the desk says while it runs, by pino: a JSON object a line for programs, or a line of text for people. Never what somebody typed, sent
 * or was shown.
 */
export function createLog({ format, level = 'info', write }: LogOptions): Log {
  // Not held up by whoever reads slowly; what they leave lying beyond 4 MB is dropped.
  const out = write ? undefined : openDestination({ dest: 1, sync: false, maxLength: 4 * 1024 * 1024 })
  const print = write ?? ((line: string): void => void out?.write(line))
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields },
    },
    { write: format === 'json' ? print : (line: string) => print(textLine(line)) },
  )
  return {
    access: ({ at: _at, ...entry }) => logger.info(entry, 'access'),
    error(error) {
      // Whoever sent it went away or was too slow; that is no fault of the desk.
      if (isClientGone(error)) logger.debug({ err: error }, 'A client went away before it was answered.')
      else logger.error({ err: error }, 'The desk met a fault.')
    },
    warn: (message) => logger.warn(message),
    info: (message, fields = {}) => logger.info(fields, message),
    flush: () => out?.flushSync(),
  }
}

export interface Log {
  access(entry: AccessLogLine): void
  error(error: unknown): void
  warn(message: string): void
  info(message: string, fields?: Readonly<Record<string, string | number>>): void
  /** Writes what is waiting; the process may end after it. */
  flush(): void
}

export interface LogOptions {
  readonly format: LogFormat
  /** What is less grave is left out. @default 'info' */
  readonly level?: LogLevel | undefined
  /** Takes one line with its end. @default standard output */
  readonly write?: ((line: string) => void) | undefined
}

export const LOG_FORMATS = ['json', 'text'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const GONE: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'ABORT_ERR', 'ERR_STREAM_PREMATURE_CLOSE'])

function isClientGone(error: unknown): boolean {
  const { code, name } = Object(error)
  return GONE.has(code) || name === 'AbortError'
}

/** `10:14:03 info  access event=look-up who=environment` */
function textLine(line: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(line) as LogRecord
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`)
  const fault = err ? `${err.type}${err.message ? `: ${err.message}` : ''}` : ''
  const words = [msg, ...pairs, fault].filter((each) => each !== '').join(' ')
  const stack = err?.stack?.map((frame) => `\n    ${cleanText(frame)}`).join('') ?? ''
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${cleanText(words)}${stack}\n`
}

interface LogRecord {
  readonly time: string
  readonly level: string
  readonly msg: string
  readonly err?: ReturnType<typeof errorFields>
  readonly [field: string]: unknown
}
