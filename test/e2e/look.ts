/** Looks at the window as it is, in both colours: a picture of each, looked over by axe. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright'
import { expect } from 'vitest'
import type { VisorWindow } from './visor-window'

/** Transitions between colours, and of what just opened, are part of no picture. */
const transitionMs = 300

/** A picture `NAME-light` and one `NAME-dark`; fails where axe finds anything serious. Leaves the dark colours. */
export async function look(visor: VisorWindow, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) await lookIn(visor, name, theme)
}

/** A picture `NAME-THEME`; fails where axe finds anything serious. */
export async function lookIn(visor: VisorWindow, name: string, theme: 'dark' | 'light'): Promise<void> {
  const { page } = visor
  await page.evaluate((wanted) => window.visor.request['settings.update']({ theme: wanted }), theme)
  await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(theme)
  await page.waitForTimeout(transitionMs)
  await visor.screenshot(`${name}-${theme}`)
  expect(await seriousFindings(page), `${name} in ${theme}`).toEqual([])
}

/** What axe calls serious or critical, as `rule: what it is (where)`. */
async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => String(target)).join(' | ')})`)
}
