import { expect, it } from 'vitest'
import { childEnvironment } from '../../../src-main/host/child-environment'

it('passes on what the system needs and leaves everything else behind', () => {
  const own = {
    PATH: '/usr/bin',
    Path: 'C:\\Windows',
    SystemRoot: 'C:\\Windows',
    LC_ALL: 'sl_SI.UTF-8',
    CUDA_VISIBLE_DEVICES: '0',
    LD_LIBRARY_PATH: '/usr/local/cuda/lib64',
    PGPASSWORD: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    npm_config__authToken: 'secret',
    NODE_OPTIONS: '--inspect',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    HTTPS_PROXY: 'http://user:secret@proxy',
    ELECTRON_RUN_AS_NODE: '1',
    UV_THREADPOOL_SIZE: '128',
  }
  expect(childEnvironment(own, 'linux')).toEqual({
    PATH: '/usr/bin',
    Path: 'C:\\Windows',
    SystemRoot: 'C:\\Windows',
    LC_ALL: 'sl_SI.UTF-8',
    CUDA_VISIBLE_DEVICES: '0',
    LD_LIBRARY_PATH: '/usr/local/cuda/lib64',
    UV_THREADPOOL_SIZE: '4',
    MALLOC_ARENA_MAX: '2',
  })
  expect(childEnvironment({}, 'win32')).toEqual({ UV_THREADPOOL_SIZE: '4' })
})
