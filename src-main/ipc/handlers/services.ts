/** What the handlers work with. Runs in main. */
import type { ClientId } from '../../../src-shared/ids'
import type { AppInfo, Status } from '../../../src-shared/status'
import type { PhotoRunner } from '../../host/photo-runner'
import type { VisionHost } from '../../host/vision-host'
import type { Calibrations } from '../../services/calibration/calibrations'
import type { Diagnoses } from '../../services/diagnostics/diagnoses'
import type { DrawnFaces } from '../../services/drawn-faces'
import type { Moves } from '../../services/dual/moves'
import type { Pairings } from '../../services/dual/pairings'
import type { Erasures } from '../../services/erasure/erasures'
import type { FaceActs } from '../../services/face-acts'
import type { GalleryPhotos } from '../../services/gallery-photos'
import type { EnrolmentGate } from '../../services/gate/enrolment-gate'
import type { EnrolmentReview } from '../../services/gate/enrolment-review'
import type { GalleryHealth } from '../../services/health/gallery-health'
import type { IdentifyQueue } from '../../services/identify-queue'
import type { ImportDesk } from '../../services/import/import-desk'
import type { Jobs } from '../../services/jobs'
import type { ModelPacks } from '../../services/model-packs'
import type { Pictures } from '../../services/pictures'
import type { RecentActs } from '../../services/recent-acts'
import type { ServerSetups } from '../../services/server-setup'
import type { SettingsFile } from '../../services/settings-file'
import type { StoreModes } from '../../services/store-mode'
import type { UnknownActs } from '../../services/unknown-acts'
import type { DualStore } from '../../storage/dual-store'
import type { GalleryStore } from '../../storage/gallery-store'
import type { HealthStore } from '../../storage/health-store'
import type { ImportStore } from '../../storage/import-store'
import type { QueueStore } from '../../storage/queue-store'
import type { ReviewStore } from '../../storage/review-store'
import type { UnknownStore } from '../../storage/unknown-store'
import type { Desktop } from '../desktop'

export interface Services {
  readonly gallery: GalleryStore
  readonly reviews: ReviewStore
  readonly health: HealthStore
  readonly galleryHealth: GalleryHealth
  readonly imports: ImportStore
  readonly importDesk: ImportDesk
  readonly queue: IdentifyQueue
  readonly acts: FaceActs
  readonly drawnFaces: DrawnFaces
  readonly gate: EnrolmentGate
  readonly review: EnrolmentReview
  readonly unknown: UnknownStore
  readonly unknownActs: UnknownActs
  readonly server: ServerSetups
  readonly modes: StoreModes
  /** The move to a server, and what was compared. */
  readonly moves: Moves
  readonly pairings: Pairings
  readonly comparisons: Pick<DualStore, 'moves' | 'figures' | 'byDomain' | 'series' | 'disagreements'>
  readonly queueStore: Pick<QueueStore, 'analyses'>
  readonly jobs: Jobs
  readonly recentActs: RecentActs
  readonly packs: ModelPacks
  readonly settings: SettingsFile
  readonly calibrations: Calibrations
  readonly erasures: Erasures
  readonly diagnoses: Diagnoses
  readonly vision: VisionHost
  readonly photos: PhotoRunner
  readonly galleryPhotos: GalleryPhotos
  readonly pictures: Pictures
  readonly desktop: Desktop
  readonly actor: string
  readonly info: AppInfo
  readonly status: () => Status
  /** Configures the vision process by the settings in force. */
  readonly configureVision: () => Promise<void>
  /** People or faces changed: whoever shows or counts them is told. */
  readonly galleriesChanged: (clientId: ClientId) => void
}
