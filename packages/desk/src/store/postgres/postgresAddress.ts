import type { PoolConfig } from 'pg'

/**
 * What a `postgres://` address says: how to connect, and by `?schema=` in which schema the desk's tables are, `waybill` where it says nothing.
 *
 * @throws TypeError when the schema has a name that needs quoting.
 */
export function postgresAddress(url: URL): PostgresAddress {
  const address = new URL(url)
  const schema = address.searchParams.get('schema') ?? 'waybill'
  address.searchParams.delete('schema')
  if (!/^[a-z_][a-z\d_]{0,62}$/.test(schema))
    throw new TypeError(
      '[waybill] The schema of the desk’s tables must be a plain name: small letters, digits and _, 63 at most, not beginning with a digit.',
    )
  const given = address.searchParams.get('options') ?? ''
  address.searchParams.set('options', `${given} -c search_path=${schema} ${PLANS}`.trim())
  return { schema, connectionString: address.href }
}

/** A plan is made once for each connection, and a day that was small then, so that reading all of it was cheapest, may be large by now. */
const PLANS = '-c enable_seqscan=off -c plan_cache_mode=force_generic_plan'

export interface PostgresAddress extends Required<Pick<PoolConfig, 'connectionString'>> {
  readonly schema: string
}
