import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { npmrcSettings, readNpmSettings } from '../../../src-main/models/npm-settings'

function files(contents: Readonly<Record<string, string>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-npmrc-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text)
  return (name) => join(folder, name)
}

/** How an `.npmrc` refers to an environment variable. */
const variable = (name: string) => `\${${name}}`

it('reads lines as npm does', () => {
  const text = [
    '; a comment',
    '# another',
    'registry = https://registry.example/npm/ ',
    'strict-ssl=false\r',
    `//registry.example/npm/:_authToken=${variable('TOKEN')}`,
    `//other.example/:_authToken=${variable('UNSET')}`,
    'proxy="http://proxy.example:8080"',
    'nonsense',
  ].join('\n')
  expect(Object.fromEntries(npmrcSettings(text, { TOKEN: 'abc' }))).toEqual({
    registry: 'https://registry.example/npm/',
    'strict-ssl': 'false',
    '//registry.example/npm/:_authToken': 'abc',
    '//other.example/:_authToken': variable('UNSET'),
    proxy: 'http://proxy.example:8080',
  })
})

it('takes the environment before the user’s file, and that before the global one', () => {
  const path = files({
    user: 'registry=https://user.example/\nproxy=http://user.example:1\n',
    global: 'proxy=http://global.example:1\nnoproxy=global.example\nstrict-ssl=false\nsave-exact=true\n',
  })
  const settings = readNpmSettings({
    NPM_CONFIG_REGISTRY: 'https://environment.example/',
    'npm_config_@scope:registry': 'https://scope.example/',
    npm_config_https_proxy: 'null',
    npm_config_userconfig: path('user'),
    npm_config_globalconfig: path('global'),
  })
  expect(settings).toEqual({
    registry: 'https://environment.example/',
    '@scope:registry': 'https://scope.example/',
    proxy: 'http://user.example:1',
    noProxy: 'global.example',
    strictSSL: false,
  })
})

it('reads certificates one by one, and passes over a file that is not there', () => {
  const one = '-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----'
  const two = '-----BEGIN CERTIFICATE-----\nQg==\n-----END CERTIFICATE-----'
  const path = files({ user: '', pem: `# an authority\n${one}\n\n${two}\n` })
  const env = { npm_config_userconfig: path('user') }
  expect(readNpmSettings({ ...env, npm_config_cafile: path('pem') })).toEqual({ ca: [one, two] })
  expect(readNpmSettings({ ...env, npm_config_cafile: path('gone') })).toEqual({})
  expect(readNpmSettings({ ...env, npm_config_userconfig: path('gone') })).toEqual({})
})
