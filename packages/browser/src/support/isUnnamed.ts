import { plainText } from './plainText.ts'

/** Whether the application gave an action no name: it is blank, or the method and path of the first call, which customers never see. */
export function isUnnamed(name: string): boolean {
  return /^([A-Z]+ \/|$)/.test(plainText(name))
}
