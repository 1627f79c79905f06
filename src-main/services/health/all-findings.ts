/** Every open finding of a kind, for what is done to all of them at once. Runs in main and on the command line. */
import type { Finding } from '../../../src-shared/health'
import type { FindingsQuery, HealthStore } from '../../storage/health-store'

/** Findings read in one page. */
const pageSize = 500

export async function allFindings(
  health: Pick<HealthStore, 'findings'>,
  query: Pick<FindingsQuery, 'clientId' | 'domain' | 'kind'>,
): Promise<Finding[]> {
  const all: Finding[] = []
  for (let offset = 0; ; offset += pageSize) {
    const { total, findings } = await health.findings({ ...query, dismissed: false, offset, limit: pageSize })
    all.push(...findings)
    if (offset + pageSize >= total) return all
  }
}
