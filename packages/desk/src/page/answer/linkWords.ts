import type { TrailLinks } from '../../lookup/Match.ts'

/** How a trail, or its steps of that name, belong with other trails, in the words before their references: `“nightly sync” led to`. */
export function linkWords({ rel, name }: Pick<TrailLinks, 'rel' | 'name'>): string {
  const words = WORDS[rel]
  return name === null ? words.charAt(0).toUpperCase() + words.slice(1) : `“${name}” ${words}`
}

const WORDS = { parent: 'came of', child: 'led to' } as const
