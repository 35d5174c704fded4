// What `npm start` and `npm test` do before any TypeScript can run. Plain JavaScript for Node >= 18, no dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const windows = process.platform === 'win32'

/** Installs what is missing, then runs a TypeScript file with this command's arguments on a Node that can. Gives the exit code. */
export async function bootstrap(file) {
  const problem = installDependencies()
  if (problem) {
    console.error(problem)
    return 1
  }
  const node = findNode()
  if (!node) {
    console.error(
      '[waybill] No Node.js 22.18 or newer was found, and the one among the dependencies did not install. TypeScript does not run without it. Install Node.js 24 and run the command again.',
    )
    return 1
  }
  const flags = ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning']
  return run(node, [...flags, file, ...process.argv.slice(2)])
}

/** Installs the workspace's dependencies when they are missing or not those of the lock file. Says what went wrong, or nothing. */
function installDependencies() {
  if (isInstalled()) return undefined
  console.log('Installing the dependencies with npm; once, a minute or so …')
  // Not `npm ci`: it refuses a lock file whose optional packages for other platforms a registry mirror does not have.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: windows })
  if (status === 0) return undefined
  return `[waybill] npm could not install the dependencies (${error?.message ?? `exit ${status}`}). Nothing can run without them. Read npm's message above, see that its registry can be reached, and run the command again.`
}

/** npm writes a copy of the lock file into node_modules when an install ends, so its absence means no install or half of one. */
function isInstalled() {
  const copy = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(copy)) return false
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const { packages: present } = JSON.parse(readFileSync(copy, 'utf8'))
  return Object.entries(wanted).every(([path, { optional, link, version }]) => {
    if (optional || link || !path.startsWith('node_modules/')) return true
    return present[path]?.version === version
  })
}

/** A Node.js that runs TypeScript by itself (22.18 or newer): the pinned one among the dependencies, or the running one. */
function findNode() {
  const pinned = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
  return [pinned, process.execPath].find((file) => existsSync(file) && isNewEnough(file))
}

function isNewEnough(file) {
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  const [major = 0, minor = 0] = (stdout ?? '').replace('v', '').split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** Runs a command in this terminal; however this process is told to end, the command is told to stop and waited for. */
function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  const stop = () => child.connected && child.send({ stop: true })
  // A terminal sends Ctrl-C to the whole group; anybody else signals only this process, so it is handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  // npm, or the shell it runs scripts in, may be killed without a word to what it started.
  const started = process.env.npm_lifecycle_event ? [process.ppid, parentOf(process.ppid)].filter((pid) => pid > 1) : []
  setInterval(() => started.every(isAlive) || stop(), 500).unref()
  return new Promise((resolve) => {
    child.on('error', ({ message }) => {
      console.error(`[waybill] ${command} did not start: ${message}`)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

function parentOf(pid) {
  return windows ? 0 : Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch ({ code }) {
    return code === 'EPERM'
  }
}
