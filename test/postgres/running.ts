/** What a server is at. Tests. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** Until a server runs a statement which holds this text. */
export async function untilItRuns(superuserUrl: string, text: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const running = () =>
      client.query(
        "SELECT FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND strpos(query, $1) > 0",
        [text],
      )
    while ((await running()).rowCount === 0) await sleep(10)
  } finally {
    await client.end()
  }
}
