import { userInfo } from 'node:os'
import type { Identity } from '../access/Access.ts'

/** Who runs a command, as the access log names them. */
export function commandUser(): Pick<Identity, 'who' | 'via' | 'address'> {
  return { who: userInfo().username, via: 'command', address: 'local' }
}
