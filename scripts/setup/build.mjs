/** Building what changed into `out/`. Set-up scripts, system Node. */
import { existsSync } from 'node:fs'
import { runLogged, tail } from './child.mjs'
import { SetUpFailure } from './failure.mjs'
import { at, commandLineEntry } from './places.mjs'
import { stampOf } from './stamp.mjs'

const inputs = [
  'src-shared',
  'src-main',
  'src-preload',
  'src-renderer',
  'migrations',
  'models/manifest.json',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'scripts/build-kernel.mjs',
  'package.json',
  'package-lock.json',
]
const outputs = [
  commandLineEntry,
  at('out/main/index.js'),
  at('out/preload/index.cjs'),
  at('out/renderer/index.html'),
]

async function runBuildStep(log, args) {
  const { code, output, logFile } = await runLogged(log, process.execPath, args)
  if (code !== 0) {
    throw new SetUpFailure(
      `The build failed (exit code ${code}).\n${tail(output, 30)}`,
      'What is in out/ is incomplete, so nothing was started.',
      `Mend what the lines above name, then run the same command again. The whole log: ${logFile}`,
    )
  }
}

export const build = {
  title: 'Building',
  isCurrent: () => outputs.every((file) => existsSync(file)) && stampOf('build', inputs).matches(),
  async run() {
    const stamp = stampOf('build', inputs)
    stamp.remove()
    await runBuildStep('build-kernel', [at('scripts/build-kernel.mjs')])
    await runBuildStep('build', [at('node_modules/electron-vite/bin/electron-vite.js'), 'build'])
    stamp.write()
  },
}
