/** What main does for each request of the window: the services, wired to the contract. Runs in main. */
import type { Handlers } from '../register'
import { appHandlers } from './app'
import { curationHandlers } from './curation'
import { diagnosisHandlers } from './diagnosis'
import { dualHandlers } from './dual'
import { erasureHandlers } from './erasure'
import { exchangeHandlers } from './exchange'
import { faceHandlers } from './face'
import { galleryHandlers } from './gallery'
import { gateHandlers } from './gate'
import { healthHandlers } from './health'
import { importHandlers } from './import'
import { modelHandlers } from './models'
import { photoHandlers } from './photo'
import { queueHandlers } from './queue'
import { reviewHandlers } from './review'
import { serverHandlers } from './server'
import { serverSideHandlers } from './server-side'
import type { Services } from './services'
import { thresholdHandlers } from './thresholds'
import { unknownHandlers } from './unknown'

export function makeHandlers(services: Services): Handlers {
  return {
    ...appHandlers(services),
    ...queueHandlers(services),
    ...faceHandlers(services),
    ...galleryHandlers(services),
    ...curationHandlers(services),
    ...exchangeHandlers(services),
    ...importHandlers(services),
    ...healthHandlers(services),
    ...erasureHandlers(services),
    ...photoHandlers(services),
    ...thresholdHandlers(services),
    ...gateHandlers(services),
    ...reviewHandlers(services),
    ...unknownHandlers(services),
    ...modelHandlers(services),
    ...serverHandlers(services),
    ...serverSideHandlers(services),
    ...dualHandlers(services),
    ...diagnosisHandlers(services),
  }
}
