/** Stamps: what a step's inputs were when it last succeeded. Set-up scripts, system Node. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { at } from './places.mjs'

/** Every file under `paths` (files or folders; the absent and the generated are left out), sorted. */
function filesUnder(paths) {
  const files = []
  const visit = (path) => {
    const stat = statSync(at(path), { throwIfNoEntry: false })
    if (path.includes('.generated.')) return
    if (stat?.isFile()) files.push({ path, stat })
    else if (stat?.isDirectory()) for (const name of readdirSync(at(path)).sort()) visit(join(path, name))
  }
  for (const path of paths) visit(path)
  return files
}

function digest(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/**
 * The stamp of a step, named for it. Times and sizes decide first, because reading them all takes milliseconds; where they differ,
 * contents decide (a fresh checkout has new times and the old contents).
 */
export function stampOf(name, paths) {
  const stampFile = at('.cache/stamps', `${name}.json`)
  const files = filesUnder(paths)
  const byTime = digest(files.flatMap(({ path, stat }) => [path, String(stat.size), String(stat.mtimeMs)]))
  let contents
  const byContents = () => {
    contents ??= digest(files.flatMap(({ path }) => [path, readFileSync(at(path))]))
    return contents
  }
  const write = () => {
    mkdirSync(dirname(stampFile), { recursive: true })
    writeFileSync(stampFile, JSON.stringify({ byTime, byContents: byContents() }))
  }
  return {
    /** Are the inputs what they were at the last success? */
    matches() {
      const kept = readJson(stampFile)
      if (kept === null) return false
      if (kept.byTime === byTime) return true
      if (kept.byContents !== byContents()) return false
      write()
      return true
    },
    /** To be called before the step reads its inputs and touches its outputs. */
    remove() {
      byContents()
      rmSync(stampFile, { force: true })
    },
    /** To be called once the step has succeeded: the inputs are what they were at `remove`, whatever has changed since. */
    write,
  }
}

/** The contents of a JSON file, or `null` where it is absent or cut off. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error instanceof SyntaxError) return null
    throw error
  }
}
