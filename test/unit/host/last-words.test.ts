import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect, it } from 'vitest'
import { followOutput } from '../../../src-main/host/last-words'

it('gives lines as they end, whatever the pieces, and keeps the last twenty of both streams', async () => {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const lines: string[] = []
  const lastWords = followOutput([output, null, errors], (line) => lines.push(line))
  for (let line = 1; line <= 24; line++) output.write(`line ${line}\r\n\n`)
  const bytes = Buffer.from('Žiga\nx')
  errors.write(bytes.subarray(0, 1))
  errors.write(bytes.subarray(1))
  output.end('no end of line')
  errors.end()
  await Promise.all([finished(output), finished(errors)])
  expect(lines).toHaveLength(27)
  expect(lines).toContain('Žiga')
  expect(lines.filter((line) => line === 'x' || line === 'no end of line')).toHaveLength(2)
  expect(lastWords().split('\n')).toEqual(lines.slice(-20))
})

it('shortens a line that would not end', async () => {
  const output = new PassThrough()
  const lines: string[] = []
  followOutput([output], (line) => lines.push(line))
  output.end('y'.repeat(5_000))
  await finished(output)
  expect(lines).toEqual([`${'y'.repeat(500)}…`])
})
