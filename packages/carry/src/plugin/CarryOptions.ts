/** What every bundler's plugin takes. */
export interface CarryOptions {
  /**
   * Packages whose code in `node_modules` carries as well, by name: `['ky', '@tanstack/query-core']`. Those that wait on the app's
   * behalf, as for a retry, are worth it. The app's own sources carry without being named, its workspace's packages among them.
   * @default []
   */
  readonly include?: readonly string[] | undefined
  /**
   * Files that stay as they are: globs from the project's root (`src/legacy/**`; a folder means all in it) or regular expressions
   * that are tried on the whole path, with `/`. It wins over `include`.
   * @default []
   */
  readonly exclude?: readonly (string | RegExp)[] | undefined
  /** Takes what is said of a build, line by line. @default the bundler's own log */
  readonly log?: ((line: string) => void) | undefined
}
