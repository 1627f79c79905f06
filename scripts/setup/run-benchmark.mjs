/** Runs one built benchmark: `run-benchmark.mjs NAME [OPTIONS]`. Electron's Node. */
import { pathToFileURL } from 'node:url'
import { at } from './places.mjs'

const [name, ...options] = process.argv.slice(2)
const { run } = await import(pathToFileURL(at('out/bench', `bench-${name}.js`)).href)
await run(options)
