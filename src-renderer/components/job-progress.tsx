/** How far a piece of long work is: as a bar, as a line. Renderer. */
import { Progress } from '@mantine/core'
import type { Job } from '../../src-shared/status'
import { byteSize, count, remaining, wholePercent } from '../wording'

/** A striped full bar while the amount is not known. */
export function JobProgress({ job }: { readonly job: Job }) {
  const known = job.total > 0
  return (
    <Progress value={known ? (100 * job.done) / job.total : 100} striped={!known} aria-label={job.title} />
  )
}

/** `48 %`, or nothing where the amount is not known. */
export function jobPercent(job: Job): string {
  return job.total === 0 ? '' : wholePercent(job.done / job.total)
}

/** `120 of 400 photos · about 2 min · name.jpg` */
export function progressLine(job: Job): string {
  const amount = job.unit === 'bytes' ? byteSize : count
  const unit = job.unit === 'bytes' ? '' : ` ${job.unit}`
  const parts = [
    job.total === 0 ? `${amount(job.done)}${unit}` : `${amount(job.done)} of ${amount(job.total)}${unit}`,
    job.remainingMs === undefined ? '' : remaining(job.remainingMs),
    job.detail ?? '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}
