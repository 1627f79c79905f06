/** What npm on this computer is set to: registry, proxy, certificates, credentials. Main process and command line. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Options of pacote, by their names there. */
export type NpmSettings = Readonly<Record<string, string | boolean | readonly string[]>>

/** npm's names → pacote's. Others that matter, `//host/:_authToken` and `@scope:registry`, are passed on as they are. */
const names: Readonly<Record<string, string>> = {
  registry: 'registry',
  proxy: 'proxy',
  'https-proxy': 'httpsProxy',
  noproxy: 'noProxy',
  cafile: 'cafile',
  'strict-ssl': 'strictSSL',
}

/**
 * As npm reads them, in this order: environment (`npm_config_…`, in which npm also tells a script what the project's
 * `.npmrc` says), the user's `.npmrc`, the global one. What is set nowhere is left to pacote.
 */
export function readNpmSettings(env: NodeJS.ProcessEnv = process.env): NpmSettings {
  const fromEnvironment = environmentSettings(env)
  const userFile = fromEnvironment.get('userconfig') ?? join(homedir(), '.npmrc')
  const globalFile = fromEnvironment.get('globalconfig')
  const files = globalFile === undefined ? [userFile] : [globalFile, userFile]
  const merged = new Map<string, string>()
  for (const file of files) {
    if (!existsSync(file)) continue
    for (const [name, value] of npmrcSettings(readFileSync(file, 'utf8'), env)) merged.set(name, value)
  }
  for (const [name, value] of fromEnvironment) merged.set(name, value)
  return forPacote(merged)
}

function environmentSettings(env: NodeJS.ProcessEnv): Map<string, string> {
  const settings = new Map<string, string>()
  for (const [variable, value] of Object.entries(env)) {
    const name = /^npm_config_(?<name>.+)$/i.exec(variable)?.groups?.name
    // npm writes a host's credentials as they are, all others in lower case with underscores for hyphens.
    if (name === undefined || value === undefined || value === '') continue
    settings.set(/^(\/\/|@)/.test(name) ? name : name.toLowerCase().replaceAll('_', '-'), value)
  }
  return settings
}

/** The `name = value` lines of an `.npmrc`; `${VARIABLE}` is replaced from `env`, as npm does. */
export function npmrcSettings(text: string, env: NodeJS.ProcessEnv): Map<string, string> {
  const settings = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const parts = /^\s*(?<name>[^;#=\s][^=]*?)\s*=\s*(?<value>.*?)\s*$/.exec(line)?.groups
    if (parts?.name === undefined || parts.value === undefined) continue
    const bare = parts.value.replace(/^(["'])(.*)\1$/, '$2')
    settings.set(
      parts.name,
      bare.replace(/\$\{(\w+)\}/g, (whole, variable: string) => env[variable] ?? whole),
    )
  }
  return settings
}

function forPacote(settings: ReadonlyMap<string, string>): NpmSettings {
  const options: Record<string, string | boolean | readonly string[]> = {}
  for (const [name, value] of settings) {
    const option = name.startsWith('//') || /^@[^:]+:registry$/.test(name) ? name : names[name]
    if (option === undefined || value === 'null') continue
    if (option === 'strictSSL') options.strictSSL = value !== 'false'
    else if (option !== 'cafile') options[option] = value
    else if (existsSync(value)) options.ca = certificates(readFileSync(value, 'utf8'))
  }
  return options
}

function certificates(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}
