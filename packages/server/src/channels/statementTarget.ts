/**
 * What an SQL statement does, and to which table, as far as its beginning says so. Nothing after the first quote or comment is looked
 * at: from there on a statement may hold what a customer wrote.
 */
export function statementTarget(statement: unknown): StatementTarget {
  if (typeof statement !== 'string') return {}
  const [plain = ''] = statement
    .slice(0, 2000)
    .replace(LEADING_COMMENTS, '')
    .split(/['"#]|--|\/\*/, 1)
  const operation = OPERATION.exec(plain)?.[1]?.toUpperCase()
  const collection = operation && TABLE[operation]?.exec(plain)?.[1]?.replace(/[`[\]]/g, '')
  return { operation, collection, isUpkeep: !operation || UPKEEP.test(plain) }
}

export interface StatementTarget {
  /** In capitals: `SELECT`. */
  readonly operation?: string | undefined
  readonly collection?: string | undefined
  /** Of the connection and not of the business, such as a health check. */
  readonly isUpkeep?: boolean | undefined
}

const LEADING_COMMENTS = /^(?:\s*\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/)*\s*/
const OPERATION = /^\s*\(?\s*([a-z]{2,12})\b/i
const UPKEEP =
  /^\s*(?:(?:set|show|use|begin|start|commit|rollback|savepoint|release)\b|select\s+1\s*(?:as\s+\w+\s*)?;?\s*$)/i

const NAME = '([`[]?[a-z_][\\w$]{0,63}[`\\]]?(?:\\.[`[]?[a-z_][\\w$]{0,63}[`\\]]?){0,3})'
const after = (words: string): RegExp => new RegExp(`\\b${words}\\s+${NAME}`, 'i')
const TABLE: Readonly<Record<string, RegExp>> = {
  SELECT: after('from'),
  WITH: after('from'),
  DELETE: after('from'),
  INSERT: after('into'),
  REPLACE: after('into'),
  UPDATE: after('update(?:\\s+(?:ignore|low_priority))?'),
  MERGE: after('merge(?:\\s+into)?'),
  CALL: after('call'),
  EXEC: after('exec'),
  EXECUTE: after('execute'),
  TRUNCATE: after('truncate(?:\\s+table)?'),
}
