/** What an isolation check tries: a vision process of its own, and the stores as they are diagnosed. Main, command line. */
import type { StoreSide } from '../src-shared/diagnosis'
import type { VisionParams } from '../src-shared/vision-protocol'
import { ofLowPriority } from './host/low-priority'
import type { LaunchProcess } from './host/process-handle'
import { VisionHost } from './host/vision-host'
import type { DiagnosedStore } from './services/diagnostics/diagnose'
import type { IsolationParts } from './services/diagnostics/isolation/isolation'

interface WhatToTry {
  readonly launch: LaunchProcess
  readonly configuration: () => VisionParams<'configure'>
  readonly places: readonly { readonly diagnosed: StoreSide; readonly place: string }[]
  /** Raises `server-login` where a kept password cannot be opened. */
  readonly toDiagnose: (diagnosed: StoreSide) => Promise<DiagnosedStore>
}

export function isolationParts({ launch, configuration, places, toDiagnose }: WhatToTry): IsolationParts {
  return {
    place: places.map(({ place }) => place).join(', '),
    stores: places.map(({ diagnosed, place }) => ({
      name: diagnosed === 'local' ? 'this machine' : `server ${place}`,
      open: () => toDiagnose(diagnosed),
    })),
    startVision: async (signal) => {
      const vision = new VisionHost({ launch: ofLowPriority(launch) })
      try {
        await vision.configure(configuration(), { signal })
      } catch (error) {
        await vision.stop()
        throw error
      }
      return vision
    },
  }
}
