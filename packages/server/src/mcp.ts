import { TRACE_REFERENCE } from '@waybill/reference'
import { plainName } from './models/plainName.ts'
import { withHandler, withMethods } from './models/withMethods.ts'
import type { Replacement } from './models/withMethods.ts'
import { abortTypeOf, errorTypeOf } from './step/errorType.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'
import type { TraceContext } from './context/TraceContext.ts'

/**
 * The same client of the Model Context Protocol, whose `callTool` is a step of hop `tool` and takes the reference along in the request's
 * `_meta.traceparent` (SEP-414). For `@modelcontextprotocol/sdk` 1 and `@modelcontextprotocol/client` 2. Recorded are the tool's name, time,
 * and the class or JSON-RPC code of an error; never arguments or content. A result that says `isError` is a failure: `tool_error`.
 *
 * ```ts
 * const tools = tracedClient(waybill, client)
 * await tools.callTool({ name: 'lookUp', arguments: { order: 'A-1001' } })
 * ```
 */
export function tracedClient<C extends ToolClient>(waybill: ServerWaybill, client: C): C {
  return withMethods(client, {
    callTool: (callTool, [params, ...rest]) =>
      runTool(waybill, { name: Object(params).name, signal: signalIn(rest) }, () => {
        const { _meta: meta } = Object(params)
        // Another tracer's header is left alone: two would contradict one another.
        const isTaken = 'traceparent' in Object(meta)
        return callTool(isTaken ? params : { ...Object(params), _meta: waybill.inject({ ...meta }) }, ...rest)
      }),
  })
}

/**
 * The same server of the Model Context Protocol, each of whose tools runs as a step of hop `tool` under the reference that the request's
 * `_meta` carries. Tools are seen that are registered at what is returned: by `registerTool`, or by `setRequestHandler` of the server within.
 * For `@modelcontextprotocol/sdk` 1 and `@modelcontextprotocol/server` 2. What is recorded is what `tracedClient` records.
 *
 * ```ts
 * const server = tracedServer(waybill, new McpServer({ name: 'charges', version: '1.0.0' }))
 * server.registerTool('lookUp', { inputSchema: { order: z.string() } }, async ({ order }) => …)
 * ```
 */
export function tracedServer<S extends ToolServer>(waybill: ServerWaybill, server: S): S {
  const serve = (name: unknown, metas: readonly unknown[], handle: () => unknown): Promise<unknown> => {
    const parent = waybill.guard(() => parentOf(waybill, metas))
    return runTool(waybill, { name, parent }, handle)
  }
  const register: Replacement = (registerTool, [name, ...rest]) =>
    registerTool(
      name,
      ...withHandler(rest, (handler, args) => serve(name, metasIn(args.at(-1)), () => handler(...args))),
    )
  return withMethods(server, {
    registerTool: register,
    tool: register,
    setRequestHandler: (set, args) =>
      set(
        ...withHandler(args, (handler, [request, ...rest]) => {
          const { method, params } = Object(request)
          if (method !== 'tools/call') return handler(request, ...rest)
          const { name, _meta: meta } = Object(params)
          return serve(name, [meta, ...metasIn(rest[0])], () => handler(request, ...rest))
        }),
      ),
  })
}

export interface ToolClient {
  callTool(...args: never[]): Promise<unknown>
}

/** An `McpServer` or the `Server` that it is made of. */
export type ToolServer = { registerTool(...args: never[]): unknown } | { setRequestHandler(...args: never[]): unknown }

function runTool(waybill: ServerWaybill, { name, parent, signal }: ToolCall, call: () => unknown): Promise<unknown> {
  const tool = plainName(name) ?? 'tool'
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool,
    'mcp.method.name': 'tools/call',
  }
  return waybill.run({ hop: 'tool', name: tool, parent, attributes }, async (step) => {
    try {
      const result = await call()
      if (Object(result).isError === true) step.set({ errorType: 'tool_error' })
      return result
    } catch (error) {
      waybill.guard(() => tellFailure(step, error, signal))
      throw error
    }
  })
}

interface ToolCall {
  readonly name: unknown
  readonly parent?: TraceContext | undefined
  readonly signal?: AbortSignal | undefined
}

/** What its SDKs throw is of few classes, with a code that says more; a tool may throw anything. */
function tellFailure(step: OpenStep, error: unknown, signal: AbortSignal | undefined): void {
  const { name, code } = Object(error)
  const isRpc = typeof code === 'number' && code >= -32_768 && code <= -32_000
  const isHttp = typeof code === 'number' && code >= 400 && code < 600
  const isOfSdk = typeof code === 'string' && typeof name === 'string' && /^Sdk\w*Error$/.test(name)
  const isTimeout = code === 'REQUEST_TIMEOUT' || (code === -32_001 && name === 'McpError')
  step.set({
    errorType: signal?.aborted
      ? abortTypeOf(signal.reason)
      : isTimeout
        ? 'timeout'
        : errorTypeOf(isRpc || isHttp || isOfSdk ? { code: String(code) } : error),
    attributes: { 'rpc.response.status_code': isRpc ? String(code) : undefined },
  })
}

/** Where a request's `_meta` is given to a handler: of version 1 and of version 2. */
function metasIn(context: unknown): unknown[] {
  return [context, Object(context).mcpReq].map((holder): unknown => Object(holder)['_meta'])
}

function parentOf(waybill: ServerWaybill, metas: readonly unknown[]): TraceContext | undefined {
  const inForce = waybill.current()
  const claim = metas.find((meta) => 'traceparent' in Object(meta) || TRACE_REFERENCE in Object(meta))
  if (claim === undefined) return inForce
  const claimed = waybill.accept(claim)
  // Over HTTP the request may be served under the same reference already: then it is the nearer cause.
  return inForce?.traceId === claimed.traceId ? inForce : claimed
}

function signalIn(options: readonly unknown[]): AbortSignal | undefined {
  const signals = options.map((each): unknown => Object(each).signal)
  return signals.find((signal) => signal instanceof AbortSignal)
}
