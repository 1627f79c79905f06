/** Names of keys, and whose a key is while something has the focus. */
import { describe, expect, test } from 'vitest'
import { belongsToFocus, type Focus, keyLabel, keyName } from '../../../../src-renderer/commands/keys'

const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }

test.each([
  [{ ...none, key: 'k', ctrlKey: true }, false, 'Mod+K'],
  [{ ...none, key: 'k', metaKey: true }, true, 'Mod+K'],
  [{ ...none, key: 'k', ctrlKey: true }, true, 'Ctrl+K'],
  [{ ...none, key: 'x' }, false, 'X'],
  [{ ...none, key: 'X', shiftKey: true }, false, 'Shift+X'],
  [{ ...none, key: '?', shiftKey: true }, false, '?'],
  [{ ...none, key: '+', shiftKey: true }, false, '+'],
  [{ ...none, key: ' ' }, false, 'Space'],
  [{ ...none, key: 'ArrowDown', shiftKey: true }, false, 'Shift+ArrowDown'],
  [{ ...none, key: 'O', ctrlKey: true, shiftKey: true }, false, 'Mod+Shift+O'],
  [{ ...none, key: 'ArrowLeft', altKey: true }, false, 'Alt+ArrowLeft'],
])('%o on a Mac: %s is %s', (press, mac, name) => {
  expect(keyName(press, mac)).toBe(name)
})

test('keys are written as the computer’s keyboard has them', () => {
  expect(keyLabel('Mod+K', false)).toBe('Ctrl K')
  expect(keyLabel('Mod+Shift+O', true)).toBe('⌘⇧O')
  expect(keyLabel('ArrowDown', false)).toBe('↓')
  expect(keyLabel('+', false)).toBe('+')
})

describe('a key is the focused thing’s own', () => {
  const page: Focus = { tag: 'div', type: '', role: '', editable: false, captured: false }
  const input: Focus = { ...page, tag: 'input', type: 'text' }
  const list: Focus = { ...page, role: 'listbox' }
  const button: Focus = { ...page, tag: 'button' }
  const slider: Focus = { ...page, role: 'slider' }
  const dialog: Focus = { ...page, captured: true }

  test('in a field all but a few: nothing fires while one types', () => {
    for (const key of [
      'X',
      'N',
      'A',
      'Enter',
      'Space',
      'ArrowDown',
      '?',
      '/',
      '1',
      'Delete',
      'Mod+Z',
      'Mod+V',
    ]) {
      expect([key, belongsToFocus(key, input)]).toEqual([key, true])
    }
    expect(belongsToFocus('Mod+K', input)).toBe(false)
    expect(belongsToFocus('F6', input)).toBe(false)
  })

  test('on a button only what presses it', () => {
    expect(belongsToFocus('Enter', button)).toBe(true)
    expect(belongsToFocus('Space', button)).toBe(true)
    expect(belongsToFocus('ArrowDown', button)).toBe(false)
    expect(belongsToFocus('X', button)).toBe(false)
  })

  test('on a slider or a tick box what moves or ticks it', () => {
    expect(belongsToFocus('ArrowLeft', slider)).toBe(true)
    expect(belongsToFocus('X', slider)).toBe(false)
    const tick: Focus = { ...page, tag: 'input', type: 'checkbox' }
    expect(belongsToFocus('Space', tick)).toBe(true)
    expect(belongsToFocus('ArrowDown', tick)).toBe(false)
    const radio: Focus = { ...page, tag: 'input', type: 'radio' }
    expect(belongsToFocus('ArrowDown', radio)).toBe(true)
  })

  test('in a list of the page none: its keys are the window’s', () => {
    for (const key of ['ArrowDown', 'Enter', 'Space', '1']) expect(belongsToFocus(key, list)).toBe(false)
  })

  test('in a dialog all', () => {
    expect(belongsToFocus('X', dialog)).toBe(true)
    expect(belongsToFocus('Enter', dialog)).toBe(true)
  })
})
