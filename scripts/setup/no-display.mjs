/** Without a display: enrols the sample gallery, recognises the sample photos, prints who is in each. System Node. */

import { basename, join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { startChild } from './child.mjs'
import { asNode } from './electron-runtime.mjs'
import { SetUpFailure } from './failure.mjs'
import { at, commandLineEntry, root, samplePhotosFolder } from './places.mjs'
import { withProgress } from './progress.mjs'

const dataFolder = at('.cache/no-display/data')
const annotatedFolder = at('.cache/no-display/annotated')
const photos = [1, 2, 3, 4, 5, 6].map((number) => join(samplePhotosFolder, `sample${number}.jpg`))

/** Runs the command line on the data folder of this showing; resolves to the objects it printed. */
async function command(runtime, args) {
  const all = [commandLineEntry, ...args, '--data', dataFolder, '--json']
  const { child, ended } = startChild(runtime.executable, all, {
    env: asNode(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, code] = await Promise.all([text(child.stdout), ended])
  if (code !== 0) {
    throw new SetUpFailure(
      `visor ${args[0]} ended with exit code ${code}.\n${output}`,
      'The sample photos were not recognised.',
      `Remove the folder ${relative(root, dataFolder)} and run npm start again.`,
    )
  }
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/** One face in words: who, how sure, or that nobody is named. */
function inWords({ decision, person, candidates }) {
  const candidate = candidates.find(({ name }) => name === person)
  if (decision === 'unknown' || !candidate) return 'unknown'
  return `${person}${decision === 'possible' ? '?' : ''} (${candidate.confidence.toFixed(0)} %)`
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

/** The whole showing. Resolves to the exit code. */
export async function showWithoutDisplay(runtime) {
  const out = process.stdout
  out.write('There is no display, so here is the same job without a window.\n')
  await withProgress(out, 'Enrolling the sample gallery', () => command(runtime, ['sample']))
  const answers = await withProgress(out, 'Recognising the sample photos', () =>
    command(runtime, ['recognize', ...photos, '--domain', 'sample', '--annotate', annotatedFolder]),
  )
  const rows = answers.map(({ path, faces }) => [
    basename(path),
    String(faces.length),
    faces.map(inWords).join(', ') || 'nobody',
  ])
  out.write(`\n${table([['Photo', 'Faces', 'Who is in it, and how sure that is'], ...rows])}\n\n`)
  out.write(`Each with boxes and names drawn on it: ${relative(root, annotatedFolder)}\n`)
  out.write(
    'The window: run npm start in a desktop session, or on a virtual display: xvfb-run -a npm start\n',
  )
  return 0
}
