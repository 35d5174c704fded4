import { plainDestination } from './plainDestination.ts'
import type { OpenStep } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import { contextOfMessage } from './contextOfMessage.ts'
import type { MessageOrigin } from './contextOfMessage.ts'

/**
 * Processes a message as a step of hop `worker`, seen while it goes on: one attempt under the reference that the message carries, or
 * under one of its own where it carries none. What `process` throws is recorded by type and thrown again as it was.
 */
export function processMessage<T>(
  waybill: ServerWaybill,
  message: ReceivedMessage,
  process: (step: OpenStep) => T | Promise<T>,
): Promise<T> {
  const { system, destination, jobId, attempt, maxAttempts, deadLetter } = message
  const { parent, links } = contextOfMessage(waybill, message)
  const name = plainDestination(destination)
  const attributes = {
    'messaging.system': system,
    'messaging.destination.name': name,
    'messaging.operation.type': 'process',
  }
  return waybill.run(
    {
      hop: 'worker',
      name,
      parent,
      links,
      jobId,
      attempt: attempt && (parent.attempt ?? 1) + attempt - 1,
      maxAttempts,
      deadLetter,
      attributes,
      announce: true,
    },
    process,
  )
}

export interface ReceivedMessage extends MessageOrigin {
  /** The queue, topic or subject that it came from. */
  readonly destination: string
  /** The broker's id of the message, the same for each of its attempts. */
  readonly jobId?: string | undefined
  /** From 1, by the broker's own count, which goes on from a `Trace-Attempt` that the message carries. */
  readonly attempt?: number | undefined
  /** How many attempts there will be at most. */
  readonly maxAttempts?: number | undefined
  /** It was set aside after its last attempt, and this is the work on what was set aside. @default false */
  readonly deadLetter?: boolean | undefined
}
