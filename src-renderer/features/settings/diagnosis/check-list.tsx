/** Checks as they come: each with its mark, a sentence, a figure, what to do, and what stands behind it. Renderer. */
import { Button, Loader } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import { type CheckId, type DiagnosisCheck, titleOf } from '../../../../src-shared/diagnosis'
import { useActions } from '../../../state/use-visor'
import { CopyText } from '../server/copy-text'
import styles from './check-list.module.css'

const marks = {
  pass: { Icon: IconCheck, word: 'passes' },
  warn: { Icon: IconAlertTriangle, word: 'warns' },
  fail: { Icon: IconX, word: 'fails' },
  unchecked: { Icon: IconMinus, word: 'not checked' },
} as const

/** Of the check's place on the page, for links to it. */
export const checkElementId = (id: CheckId) => `diagnosis-${id}`

/** `next`: the check of this group that is being made. */
export function CheckList({
  checks,
  next,
}: {
  readonly checks: readonly DiagnosisCheck[]
  readonly next?: CheckId
}) {
  return (
    <ol className={styles.checks}>
      {checks.map((check) => (
        <Check key={check.id} check={check} />
      ))}
      {next !== undefined && (
        <li className={styles.check} data-state="running">
          <Loader size={14} aria-hidden />
          <span>{titleOf(next)}</span>
        </li>
      )}
    </ol>
  )
}

function Check({ check }: { readonly check: DiagnosisCheck }) {
  const { remember } = useActions()
  const { id, state, sentence, figure, next, table } = check
  const { Icon, word } = marks[state]
  const leadsOn = id === 'schema' && state === 'fail' && next?.copy != null
  return (
    <li
      id={checkElementId(id)}
      className={styles.check}
      data-state={state}
      data-testid={`check-${id}`}
      tabIndex={-1}
    >
      <Icon size={15} stroke={2} role="img" aria-label={word} />
      <strong>{titleOf(id)}</strong>
      <span className={styles.sentence}>{sentence}</span>
      <span className={styles.figure}>{figure}</span>
      {next !== null && (
        <div className={styles.next}>
          <span>{next.text}</span>
          {next.copy !== null && <CopyText text={next.copy} label={`To copy: ${titleOf(id)}`} sql />}
          {leadsOn && (
            <Button size="compact-xs" variant="default" onClick={() => remember({ settingsPage: 'schema' })}>
              Open Schema
            </Button>
          )}
        </div>
      )}
      {table !== null && (
        <details className={styles.details} open={state === 'fail'}>
          <summary>Details</summary>
          <Table id={id} {...table} />
        </details>
      )}
    </li>
  )
}

function Table({ id, columns, rows }: { readonly id: CheckId } & NonNullable<DiagnosisCheck['table']>) {
  const isNumber = columns.map(
    (_, index) => rows.every((cells) => /^[\d,.]+$/.test(cells[index] ?? '')) || undefined,
  )
  return (
    <table className={styles.table} aria-label={titleOf(id)}>
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={column} scope="col" data-number={isNumber[index]}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr key={cells.join(' | ')}>
            {cells.map((cell, index) => (
              <td key={columns[index]} data-number={isNumber[index]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
