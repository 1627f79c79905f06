/** One line for each long step, with the seconds it has taken. Set-up scripts, system Node. */

const seconds = (sinceMs) => `${Math.round((performance.now() - sinceMs) / 1000)} s`

/**
 * Runs `work` under a progress line on `stream`. On a terminal the line counts the seconds; in a log there is one line
 * at the start and one at the end.
 */
export async function withProgress(stream, title, work) {
  const startedMs = performance.now()
  if (!stream.isTTY) {
    stream.write(`… ${title}\n`)
    const result = await work()
    stream.write(`  done in ${seconds(startedMs)}\n`)
    return result
  }
  const draw = () => stream.write(`\r… ${title} (${seconds(startedMs)})\x1b[K`)
  draw()
  const timer = setInterval(draw, 1000)
  try {
    const result = await work()
    stream.write(`\r✓ ${title} (${seconds(startedMs)})\x1b[K\n`)
    return result
  } catch (error) {
    stream.write(`\r✗ ${title} (${seconds(startedMs)})\x1b[K\n`)
    throw error
  } finally {
    clearInterval(timer)
  }
}
