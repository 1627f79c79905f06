/**
 * An isolation check over a gallery of this machine and the same on a server: how long it takes, what died, what memory did. Options: `--faces 23640`,
 * `--rounds 1000`. Electron's Node.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { folderToDiagnose, serverToDiagnose } from '../../src-main/diagnosed-stores'
import { childProcessLauncher } from '../../src-main/host/child-process'
import { isolationParts } from '../../src-main/isolation-parts'
import { diagnoseIsolation } from '../../src-main/services/diagnostics/isolation/isolation'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { isolationEstimateMs } from '../../src-shared/diagnosis'
import { serverAt } from '../../test/postgres/databases'
import { printFigure } from './figure'
import { type PairedGallery, withPairedGallery } from './paired-gallery'
import { defaultPack } from './vision'

const builtFolder = import.meta.dirname

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { faces: { type: 'string', default: '23640' }, rounds: { type: 'string', default: '1000' } },
  })
  const [faces, rounds] = [Number(values.faces), Number(values.rounds)]
  await withPairedGallery(builtFolder, faces, (gallery) => measure(gallery, faces, rounds))
}

async function measure({ folder, url }: PairedGallery, faces: number, rounds: number): Promise<void> {
  const openGallery = async () => {
    const store = await openLocalStore({ folder, builtFolder })
    return { ...store.gallery, close: () => store.close() }
  }
  const { connection, password } = serverAt(url)
  const parts = isolationParts({
    launch: childProcessLauncher(join(builtFolder, 'vision.js')),
    configuration: () => ({ ...defaultPack(), provider: 'cpu', threads: 0 }),
    places: [
      { diagnosed: 'local', place: 'this machine' },
      { diagnosed: 'server', place: 'the server' },
    ],
    toDiagnose: async (side) =>
      side === 'local'
        ? folderToDiagnose({ folder, builtFolder, openGallery })
        : serverToDiagnose({ connection, password, place: 'the server', builtFolder }),
  })
  const startedAt = performance.now()
  const signal = new AbortController().signal
  const found = await diagnoseIsolation(parts, { version: 'bench', signal, rounds, kill: true })
  const elapsedMs = performance.now() - startedAt
  for (const { id, state, figure, durationMs, sentence, table } of found.checks) {
    const rows = table?.rows.map((row) => row.join(' ')) ?? []
    printFigure({
      benchmark: 'isolation',
      figure: `${id}: ${figure ?? 'no figure'}`,
      value: durationMs / 1000,
      details: { state, sentence, times: rows.join('; ') },
    })
  }
  printFigure({
    benchmark: 'isolation',
    figure: 'the whole, seconds ÷ what the window tells beforehand',
    value: elapsedMs / isolationEstimateMs(rounds),
    details: { faces, rounds, seconds: elapsedMs / 1000 },
  })
}
