import { DrillError } from './DrillError.ts'

/**
 * What `$NAME` or `${NAME}` stands for in a drill's file: the environment's variables, and those that the drill sets itself (`DRILL_…`). `$$` is a
 * dollar sign. Values of the environment are secrets for all we know: `hide` puts their names back wherever something is printed.
 */
export function createVariables(environment: NodeJS.ProcessEnv) {
  const own = new Map<string, string>()
  const used = new Map<string, string>()

  function valueOf(name: string, where: string): string {
    const value = own.get(name) ?? environment[name]
    if (value === undefined || value === '') {
      const what = name.startsWith('DRILL_') ? 'was not found in the action’s answer' : 'is not set in the environment'
      throw new DrillError(`${where} names $${name}, which ${what}. Set it, or correct the name.`)
    }
    if (!own.has(name)) used.set(name, value)
    return value
  }

  return {
    set: (name: string, value: string): void => void own.set(name, value),
    fill: (text: string, where: string): string =>
      text.replace(VARIABLE, (_, plain?: string, braced?: string) => {
        const name = plain ?? braced
        return name === undefined ? '$' : valueOf(name, where)
      }),
    /** Whether all that a text names of the drill's own is known by now. */
    isKnown: (text: string): boolean =>
      [...text.matchAll(VARIABLE)].every(([, plain, braced]) => {
        const name = plain ?? braced ?? ''
        return !name.startsWith('DRILL_') || own.has(name)
      }),
    /** For a command: everything, so that a shell finds it under its name. */
    environmentFor(command: string): NodeJS.ProcessEnv {
      for (const [, plain, braced] of command.matchAll(VARIABLE)) {
        const name = plain ?? braced ?? ''
        if (environment[name]) used.set(name, environment[name])
      }
      return { ...environment, ...Object.fromEntries(own) }
    },
    hide(text: string): string {
      let hidden = text
      for (const [name, value] of used) if (value.length > 3) hidden = hidden.replaceAll(value, `$${name}`)
      return hidden
    },
  }
}

export type Variables = ReturnType<typeof createVariables>

const VARIABLE = /\$(?:\$|([A-Z_][A-Z0-9_]*)|\{([A-Z_][A-Z0-9_]*)\})/g
