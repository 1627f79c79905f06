/** Splits a process's output into lines and keeps the last of them. Main process and command line. */
import type { Readable } from 'node:stream'

const linesKept = 20
const lineLimit = 500

/** Hands each line of `streams` to `output`; the function it returns gives the last 20 lines that any of them wrote. */
export function followOutput(
  streams: readonly (Readable | null)[],
  output: (line: string) => void,
): () => string {
  const kept: string[] = []
  const take = (line: string) => {
    if (line === '') return
    const short = line.length > lineLimit ? `${line.slice(0, lineLimit)}…` : line
    kept.push(short)
    if (kept.length > linesKept) kept.shift()
    output(short)
  }
  for (const stream of streams) {
    if (stream === null) continue
    let rest = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/)
      rest = (lines.pop() ?? '').slice(-lineLimit * 2)
      for (const line of lines) take(line)
    })
    stream.on('end', () => take(rest))
  }
  return () => kept.join('\n')
}
