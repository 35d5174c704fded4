import { createServer } from 'node:http'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { getRequestListener } from '@hono/node-server'
import { Client as Client2, StreamableHTTPClientTransport as HttpClient2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioClient2 } from '@modelcontextprotocol/client/stdio'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioClient1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpClient1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Server as PlainServer1 } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport as HttpServer1 } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { createMcpHandler, InMemoryTransport, Server as PlainServer2 } from '@modelcontextprotocol/server'
import { mintReference, traceIdOf, traceparentOf } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { traceOutgoing } from '@waybill/server/http-out'
import { tracedClient, tracedServer } from '@waybill/server/mcp'
import { waybillListener } from '@waybill/server/node'
import type { Step } from '@waybill/trail'
import { afterEach, describe, expect, test } from 'vitest'
import { collectSteps } from '../fixtures/collectSteps.ts'
import { listen } from '../fixtures/listen.ts'
import { mcpServer } from '../fixtures/mcpServer.ts'
import type { McpVersion } from '../fixtures/mcpServer.ts'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'
import { startDesk } from '../fixtures/startDesk.ts'

const { steps, listeners } = collectSteps(PRIVATE_PARTS)
let closings: (() => unknown)[] = []
const agent = createWaybill({ service: 'agent', ...listeners })
const charges = createWaybill({ service: 'charges', ...listeners })

afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close()
})

const toolsOf = (service: string): Step[] => steps.filter((step) => step.hop === 'tool' && step.service === service)
const asWork = <T>(fn: () => T | Promise<T>): Promise<T> => agent.run({ hop: 'worker', name: 'refunds' }, fn)
const order = { order: PRIVATE.prompt }

/** A client of either version. */
interface Tools {
  call(params: Parameters<Client1['callTool']>[0], options?: object): Promise<Readonly<Record<string, unknown>>>
}

type Transport = Parameters<Client1['connect']>[0] & Parameters<Client2['connect']>[0]

async function connect(version: McpVersion, own: unknown, waybill = agent): Promise<Tools> {
  const info = { name: 'agent', version: '1.0.0' }
  // The transports of both versions are of one kind, whatever their types say of options.
  const transport = own as Transport
  if (version === 1) {
    const client = tracedClient(waybill, new Client1(info))
    closings.push(() => client.close())
    await client.connect(transport)
    return { call: (params, options) => client.callTool(params, undefined, options) }
  }
  const client = tracedClient(waybill, new Client2(info, { versionNegotiation: { mode: 'auto' } }))
  closings.push(() => client.close())
  await client.connect(transport)
  return { call: (params, options) => client.callTool(params, options) }
}

type Connect = (client: McpVersion, server: McpVersion) => Promise<Tools>

const inMemory: Connect = async (client, server) => {
  const [own, others] = InMemoryTransport.createLinkedPair()
  await mcpServer(server, charges).connect(others)
  return connect(client, own)
}

const overHttp: Connect = async (client, server) => {
  const handler = createMcpHandler(() => mcpServer(2, charges))
  const http = createServer(
    server === 2
      ? getRequestListener((request) => handler.fetch(request))
      : async (request, response) => {
          const transport = new HttpServer1({})
          await mcpServer(1, charges).connect(transport)
          await transport.handleRequest(request, response)
        },
  )
  const { origin, stop } = await listen(http)
  closings.push(stop)
  const url = new URL(`${origin}/mcp`)
  return connect(client, client === 1 ? new HttpClient1(url) : new HttpClient2(url))
}

const overStdio: Connect = async (client, server) => {
  const program = join(import.meta.dirname, '../fixtures/mcpServer.ts')
  const options = {
    command: process.execPath,
    args: ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning', program, String(server)],
    stderr: 'pipe' as const,
  }
  const transport = client === 1 ? new StdioClient1(options) : new StdioClient2(options)
  const told = text(transport.stderr as Readable)
  closings.push(async () => {
    for (const line of (await told).split('\n').filter(Boolean)) steps.push(JSON.parse(line))
  })
  return connect(client, transport)
}

const PAIRS: [McpVersion, McpVersion][] = [
  [1, 1],
  [2, 2],
  [1, 2],
  [2, 1],
]

describe.each<[string, Connect]>([
  ['in memory', inMemory],
  ['over HTTP', overHttp],
])('a tool of MCP %s', (_, connectPair) => {
  test.each(PAIRS)('goes on under the caller’s reference (client %i, server %i)', async (client, server) => {
    const tools = await connectPair(client, server)
    const result = await asWork(() => tools.call({ name: 'lookUp', arguments: order, _meta: { mine: 1 } }))
    const worker = steps.at(-1)
    expect(result.content).toEqual([{ type: 'text', text: `${PRIVATE.prompt} ${worker?.reference}` }])
    const [called] = toolsOf('agent')
    const [served] = toolsOf('charges')
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'lookUp',
      'mcp.method.name': 'tools/call',
    }
    expect(called).toMatchObject({ name: 'lookUp', parentId: worker?.id, status: 'ok', attributes })
    expect(served).toMatchObject({ name: 'lookUp', parentId: called?.id, status: 'ok', attributes })
    expect(steps.find(({ hop }) => hop === 'database')).toMatchObject({ parentId: served?.id })
    expect(new Set(steps.map(({ reference }) => reference))).toEqual(new Set([worker?.reference]))
  })
})

describe('a tool of MCP in another process', () => {
  test.each<[McpVersion, McpVersion]>([
    [1, 2],
    [2, 1],
  ])('goes on under the caller’s reference (client %i, server %i)', async (client, server) => {
    const tools = await overStdio(client, server)
    await asWork(() => tools.call({ name: 'lookUp', arguments: order }))
    await asWork(() => tools.call({ name: 'fails' }))
    for (const close of closings.splice(0).toReversed()) await close()
    expect(toolsOf('charges').map(({ reference, parentId, error }) => [reference, parentId, error?.type])).toEqual(
      toolsOf('agent').map(({ reference, id, error }) => [reference, id, error && 'RangeError']),
    )
    expect(toolsOf('agent').map(({ error }) => error?.type)).toEqual([undefined, 'tool_error'])
  })
})

describe.each(PAIRS)('a call of MCP (client %i, server %i)', (client, server) => {
  test('that fails says how, and is answered as without us', async () => {
    const tools = await inMemory(client, server)
    const thrown = await tools.call({ name: 'fails' })
    expect(thrown).toMatchObject({ isError: true, content: [{ type: 'text', text: PRIVATE.answer }] })
    expect(await tools.call({ name: 'declines' })).toMatchObject({ isError: true })
    await tools.call({ name: 'lookUp', arguments: { order: 4111 } }).catch(() => undefined)
    expect(toolsOf('charges').map(({ name, error }) => [name, error?.type])).toEqual([
      ['fails', 'RangeError'],
      ['declines', 'tool_error'],
    ])
    expect(toolsOf('agent').map(({ error }) => error?.type)).toEqual(['tool_error', 'tool_error', 'tool_error'])
  })

  test('that there is no tool for says the code of JSON-RPC, and keeps a name that could be somebody’s to itself', async () => {
    const tools = await inMemory(client, server)
    await tools.call({ name: 'jane@example.com' }).catch(() => undefined)
    const [called] = toolsOf('agent')
    expect(called).toMatchObject({ name: 'tool', status: 'error' })
    // Version 1 answers with a result that says so.
    if (server === 2)
      expect(called).toMatchObject({ error: { type: '-32602' }, attributes: { 'rpc.response.status_code': '-32602' } })
  })

  test('is cancelled or out of time on both sides', async () => {
    const tools = await inMemory(client, server)
    const wait = (options: object): Promise<unknown> => tools.call({ name: 'waits' }, options)
    const controller = new AbortController()
    const cancelled = wait({ signal: controller.signal })
    await expect.poll(() => steps.some(({ name }) => name === 'waiting')).toBe(true)
    controller.abort(new Error(PRIVATE.answer))
    await expect(cancelled).rejects.toThrow()
    await expect(wait({ signal: AbortSignal.timeout(300) })).rejects.toThrow()
    await expect(wait({ timeout: 300 })).rejects.toThrow()
    expect(toolsOf('agent').map(({ error }) => error?.type)).toEqual(['AbortError', 'timeout', 'timeout'])
    await expect.poll(() => toolsOf('charges').length).toBe(3)
    expect(toolsOf('charges').map(({ status }) => status)).toEqual(['error', 'error', 'error'])
  })

  test('reports its progress', async () => {
    const tools = await inMemory(client, server)
    const progress: number[] = []
    const onprogress = (told: { progress: number }): void => void progress.push(told.progress)
    await tools.call({ name: 'lookUp', arguments: order }, { onprogress })
    expect(progress).toEqual([1])
  })
})

test('keeps 100 parallel calls apart', async () => {
  const tools = await inMemory(2, 2)
  const references = Array.from({ length: 100 }, () => mintReference())
  const answers = await Promise.all(
    references.map((reference) =>
      agent.resume(agent.accept({ 'Trace-Reference': reference }), () =>
        tools.call({ name: 'lookUp', arguments: { order: reference } }),
      ),
    ),
  )
  const wrong = answers.filter((answer, i) => !JSON.stringify(answer).includes(`${references[i]} ${references[i]}`))
  expect(wrong).toEqual([])
})

describe('what a request carries', () => {
  /** What the server is sent in place of what the client made of it. */
  async function sendMeta(_meta: Record<string, unknown> | undefined): Promise<Step | undefined> {
    const [own, others] = InMemoryTransport.createLinkedPair()
    await mcpServer(2, charges).connect(others)
    const client = new Client2({ name: 'agent', version: '1.0.0' })
    await client.connect(own)
    closings.push(() => client.close())
    await client.callTool({ name: 'lookUp', arguments: order, ...(_meta && { _meta }) })
    return toolsOf('charges').at(-1)
  }
  const reference = mintReference()

  test('is nothing but what says whose it is, and another tracer’s is left alone', async () => {
    const sent: unknown[] = []
    const callTool = (params: unknown): Promise<unknown> => Promise.resolve(sent.push(params))
    const client = tracedClient(agent, { callTool })
    const foreign = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' }
    await asWork(() => client.callTool({ name: 'lookUp', arguments: order }))
    await asWork(() => client.callTool({ name: 'lookUp', _meta: foreign }))
    const [called] = toolsOf('agent')
    expect(sent).toEqual([
      {
        name: 'lookUp',
        arguments: order,
        _meta: {
          traceparent: traceparentOf(String(called?.traceId), { spanId: called?.id }),
          'Trace-Reference': called?.reference,
        },
      },
      { name: 'lookUp', _meta: foreign },
    ])
  })

  test('is believed where it holds, and else the tool begins a reference of its own', async () => {
    expect(await sendMeta({ traceparent: `00-${traceIdOf(reference)}-b7ad6b7169203331-01` })).toMatchObject({
      reference,
    })
    expect(await sendMeta({ 'Trace-Reference': reference })).toMatchObject({ reference })
    const forged = await sendMeta({ 'Trace-Reference': `${reference} `, traceparent: 'jane' })
    expect(forged).toMatchObject({ attributes: { 'waybill.claim.refused': true } })
    expect(forged?.reference).not.toBe(reference)
    const bare = await sendMeta(undefined)
    expect(bare?.attributes).not.toHaveProperty('waybill.claim.refused')
    expect(bare?.reference).not.toBe(reference)
  })

  test('yields to the HTTP request’s own step where that is of the same trace', async () => {
    const handler = createMcpHandler(() => mcpServer(2, charges))
    const listener = getRequestListener((request) => handler.fetch(request))
    const { origin, stop } = await listen(createServer(waybillListener(charges, listener)))
    closings.push(stop, traceOutgoing(agent, { origins: [origin] }))
    const tools = await connect(2, new HttpClient2(new URL(`${origin}/mcp`)))
    steps.length = 0
    await asWork(() => tools.call({ name: 'lookUp', arguments: order }))
    await expect.poll(() => steps.some(({ hop }) => hop === 'api')).toBe(true)
    const [called] = toolsOf('agent')
    const request = steps.find(({ hop, parentId }) => hop === 'api' && parentId === called?.id)
    expect(toolsOf('charges')).toMatchObject([{ parentId: request?.id, reference: called?.reference }])
  })
})

test.each([1, 2])('a server of version %i without registered tools is traced by its handler', async (version) => {
  const info = { name: 'charges', version: '1.0.0' }
  const capabilities = { capabilities: { tools: {} } }
  const [own, others] = InMemoryTransport.createLinkedPair()
  const result = { content: [{ type: 'text' as const, text: PRIVATE.answer }] }
  if (version === 1) {
    const server = tracedServer(charges, new PlainServer1(info, capabilities))
    server.setRequestHandler(CallToolRequestSchema, () => result)
    await server.connect(others)
  } else {
    const server = tracedServer(charges, new PlainServer2(info, capabilities))
    server.setRequestHandler('tools/call', () => result)
    await server.connect(others)
  }
  const tools = await connect(2, own)
  await asWork(() => tools.call({ name: 'anything', arguments: order }))
  expect(toolsOf('charges')).toMatchObject([{ name: 'anything', parentId: toolsOf('agent')[0]?.id }])
})

test('tools that are registered in the old way of version 1 are steps too', async () => {
  const [own, others] = InMemoryTransport.createLinkedPair()
  const server = tracedServer(charges, new McpServer({ name: 'charges', version: '1.0.0' }))
  // oxlint-disable-next-line typescript/no-deprecated -- it is what many servers still call
  server.tool('lookUp', 'charges of an order', () => ({ content: [] }))
  await server.connect(others)
  const tools = await connect(1, own)
  await asWork(() => tools.call({ name: 'lookUp' }))
  expect(toolsOf('charges')).toMatchObject([{ name: 'lookUp', parentId: toolsOf('agent')[0]?.id }])
})

test('brings nothing of arguments or content to the desk', async () => {
  const desk = await startDesk()
  const reporting = createWaybill({ service: 'agent', deliverTo: desk.url })
  const [own, others] = InMemoryTransport.createLinkedPair()
  await mcpServer(1, reporting).connect(others)
  const tools = await connect(1, own, reporting)
  for (const name of ['lookUp', 'fails', 'declines']) await tools.call({ name, arguments: order })
  await reporting.stop()
  await desk.stop()
  expect(JSON.stringify(desk.resourceSpans)).toContain('tool_error')
  expect(JSON.stringify(desk.resourceSpans)).not.toMatch(PRIVATE_PARTS)
})
