/** PostgreSQL's plans, and which tables they read without knowing where to look. Tests. */
import { z } from 'zod'

/** As many as there are clients, domains, models or consoles, whatever the galleries hold; the rest grows with these. */
export const small = new Set([
  ...[
    'clients',
    'domains',
    'models',
    'chains',
    'schema_migrations',
    'suggestion_marks',
    'health_progress',
    'import_runs',
    'erasures',
  ],
])

const nodeSchema = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Index Name': z.string().optional(),
  'Index Cond': z.string().optional(),
  get Plans() {
    return z.array(nodeSchema).optional()
  },
})
/** A step of a plan, and those that it reads from. */
export type PlanNode = z.infer<typeof nodeSchema>
/** The rows of `EXPLAIN (FORMAT JSON)`. */
export const explained = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: nodeSchema })]) })])

/** The tables that a plan reads without knowing where to look, or knowing no more than the client. */
export function readWidely(node: PlanNode): string[] {
  const { Plans: inner = [], 'Relation Name': table, 'Node Type': type } = node
  if (table === undefined || !type.includes('Scan')) return inner.flatMap(readWidely)
  const conditions = type === 'Bitmap Heap Scan' ? bitmapConditions(node) : [node['Index Cond']]
  const wide = conditions.some(
    (one) => one === undefined || /^\((\w+\.)?client_id = [^()]*(\([^()]*\))?[^()]*\)$/.test(one),
  )
  const rest = type === 'Bitmap Heap Scan' ? [] : inner.flatMap(readWidely)
  return wide && !small.has(table) ? [table, ...rest] : rest
}

function bitmapConditions({ Plans: inner = [] }: PlanNode): (string | undefined)[] {
  return inner.flatMap((node) =>
    node['Node Type'] === 'Bitmap Index Scan' ? [node['Index Cond']] : bitmapConditions(node),
  )
}
