import { Command } from 'commander'
import { misuseOf, withDeskOptions } from './askDesk.ts'
import type { AskedDesk } from './askDesk.ts'

/** `waybill mcp`: a desk's three tools for an assistant that runs on this machine. */
export function mcpCommand(): Command {
  return withDeskOptions(new Command('mcp'))
    .description('serve a desk’s look-up as MCP tools on standard input and output')
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
The desk itself serves the same at /mcp, for clients that speak MCP over HTTP. What a model sees, and what not:
https://github.com/waybill-dev/waybill/blob/main/packages/desk/MCP.md

Example, as MCP clients are told of it:
  { "mcpServers": { "waybill": {
      "command": "npx", "args": ["waybill", "mcp", "--desk", "https://desk.shop.example"],
      "env": { "WAYBILL_DESK_TOKEN": "…" } } } }`

async function run(where: AskedDesk): Promise<void> {
  const misuse = misuseOf(where)
  if (misuse) {
    console.error(misuse.message)
    process.exitCode = 2
    return
  }
  // Only now, so that the other commands need not load them.
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio')
  const { createDeskReader } = await import('./createDeskReader.ts')
  const { createMcpServer } = await import('../mcp/createMcpServer.ts')
  const reader = createDeskReader(where)
  // Standard output carries nothing but messages.
  const onError = (error: unknown): void => console.error(error)
  serveStdio(() => createMcpServer({ reader, onError }), { maxSubscriptions: 0, onerror: onError })
}
