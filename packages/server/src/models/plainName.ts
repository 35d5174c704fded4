/** The name of a model, prompt or tool, or a provider's id, which are plain; anything else may be somebody's. */
export function plainName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:/-]{1,100}$/.test(value) ? value : undefined
}
