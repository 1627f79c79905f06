/** How a script stops: what happened, what it means, what to do. Set-up scripts, system Node. */

/** A failure that a person can act on. The three texts are one or two plain sentences each. */
export class SetUpFailure extends Error {
  constructor(happened, meaning, remedy, options) {
    super(happened, options)
    this.name = 'SetUpFailure'
    this.meaning = meaning
    this.remedy = remedy
  }
}

/** Runs a script's body; a {@link SetUpFailure} ends it with exit code 2 and its three texts on stderr. */
export async function runScript(body) {
  try {
    process.exitCode = (await body()) ?? 0
  } catch (error) {
    if (!(error instanceof SetUpFailure)) throw error
    process.stderr.write(
      `\n✗ ${error.message}\n  ${error.meaning}\n  → ${error.remedy.replaceAll('\n', '\n    ')}\n`,
    )
    process.exitCode = 2
  }
}
