import type { ServerWaybill } from '../ServerWaybill.ts'

/**
 * `fn` as a step of hop `tool` each time it is called, for tools that an SDK runs by itself: OpenAI's `runTools`, Anthropic's
 * `toolRunner`, a loop of your own. Recorded are the tool's name, time, and the class of what is thrown; never what goes in or comes out.
 *
 * ```ts
 * const lookUp = tracedTool(waybill, 'lookUp', async ({ order }: { order: string }) => charges.of(order))
 * ```
 */
export function tracedTool<Args extends readonly unknown[], T>(
  waybill: ServerWaybill,
  name: string,
  fn: (...args: Args) => T | Promise<T>,
): (...args: Args) => Promise<T> {
  const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name }
  return (...args) => waybill.run({ hop: 'tool', name, attributes }, () => fn(...args))
}
