import { Command } from 'commander'

/** `waybill mcp`: a desk's three tools for an assistant that runs on this machine. */
export function mcpCommand(): Command {
  return new Command('mcp')
    .description('serve a desk’s look-up as MCP tools on standard input and output')
    .option('--desk <url>', 'the desk', 'http://localhost:4100')
    .option('--token-env <name>', 'the environment variable that holds the desk’s read token', 'WAYBILL_DESK_TOKEN')
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

interface McpCommandOptions {
  readonly desk: string
  readonly tokenEnv: string
}

async function run({ desk, tokenEnv }: McpCommandOptions): Promise<void> {
  const token = process.env[tokenEnv]
  if (!token)
    return fail(
      `$${tokenEnv} is not set, and the desk shows trails to readers only. Set it to a token with the scope read.`,
    )
  if (!URL.canParse(desk) || !/^https?:/i.test(desk))
    return fail('This is no address of a desk. Write one such as --desk http://localhost:4100.')
  // Only now, so that the other commands need not load them.
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio')
  const { createDeskReader } = await import('../mcp/createDeskReader.ts')
  const { createMcpServer } = await import('../mcp/createMcpServer.ts')
  const reader = createDeskReader({ desk, token })
  // Standard output carries nothing but messages.
  const onError = (error: unknown): void => console.error(error)
  serveStdio(() => createMcpServer({ reader, onError }), { maxSubscriptions: 0, onerror: onError })
}

function fail(message: string): void {
  console.error(`[waybill] ${message}`)
  process.exitCode = 2
}
