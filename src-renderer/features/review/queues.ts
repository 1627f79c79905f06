/** The queues that wait for somebody's decision, in the order of the list. Renderer. */
import {
  IconHeartbeat,
  IconSparkles,
  IconUserQuestion,
  IconZoomCheck,
  type TablerIcon,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { EnrolmentQueue, useEnrolmentCount } from './enrolment/enrolment-queue'
import { HealthQueue } from './health/health-queue'
import { useOpenFindings } from './health/use-health-queue'
import { SuggestionsQueue, useSuggestionCount } from './unknown/suggestions-queue'
import { UnknownQueue, useUnknownCount } from './unknown/unknown-queue'

export interface ReviewQueue {
  /** As the settings remember it. */
  readonly id: string
  readonly title: string
  readonly Icon: TablerIcon
  /** How many decisions wait; `undefined` until main has answered. A hook. */
  readonly useCount: () => number | undefined
  /** The queue itself: its head, the decision in the middle, its actions. */
  readonly Component: ComponentType
}

export const reviewQueues: readonly ReviewQueue[] = [
  {
    id: 'enrolment',
    title: 'Enrolment',
    Icon: IconZoomCheck,
    useCount: useEnrolmentCount,
    Component: EnrolmentQueue,
  },
  {
    id: 'unknown',
    title: 'Unknown faces',
    Icon: IconUserQuestion,
    useCount: useUnknownCount,
    Component: UnknownQueue,
  },
  {
    id: 'suggestions',
    title: 'Suggestions',
    Icon: IconSparkles,
    useCount: useSuggestionCount,
    Component: SuggestionsQueue,
  },
  {
    id: 'health',
    title: 'Gallery health',
    Icon: IconHeartbeat,
    useCount: useOpenFindings,
    Component: HealthQueue,
  },
]
