import pg from 'pg'

/**
 * The real PostgreSQL to run journeys on: `WAYBILL_TEST_DATABASE_URL`, or the one that listens on this machine. Where there
 * is none, its journeys are left out, loudly; on a build server (`CI=true`) that is a failure.
 */
export async function realDatabase(): Promise<{ kind: string; env: Record<string, string> }[]> {
  const url = process.env['WAYBILL_TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    // Left by an earlier run; both schemas are the demo's own.
    await client.query('DROP SCHEMA IF EXISTS waybill_demo CASCADE; DROP SCHEMA IF EXISTS waybill_demo_queue CASCADE')
    await client.end()
    return [{ kind: 'real', env: { WAYBILL_DEMO_DATABASE_URL: url } }]
  } catch (error) {
    if (process.env['CI'] === 'true') throw error
    console.warn(
      '[waybill] No PostgreSQL was reached, so the journeys on a real database are LEFT OUT. Name one in WAYBILL_TEST_DATABASE_URL.',
    )
    return []
  }
}
