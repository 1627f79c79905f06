/** What the vision process inherits of Visor's environment. Main process and command line. */

/**
 * Names that are passed on: what the system's loader, temporary files, fonts and locale need, and what the GPU
 * providers read. All else stays behind: the environment is where people keep passwords and tokens.
 */
const inherited = [
  /^(path|home|user|lang|language|tz|shell)$/i,
  /^lc_/i,
  /^(tmpdir|tmp|temp)$/i,
  /^(systemroot|windir|systemdrive|comspec|pathext|localappdata|appdata|programdata|userprofile)$/i,
  /^(number_of_processors|processor_\w+)$/i,
  /^(ld_library_path|dyld_library_path|dyld_fallback_library_path)$/i,
  /^(display|wayland_display|xauthority|xdg_runtime_dir|dbus_session_bus_address)$/i,
  /^(cuda|nvidia|omp)_/i,
]

/**
 * The environment of the vision process.
 * - `UV_THREADPOOL_SIZE=4`: sharp decodes on these threads. Four keep the decoding of three photos going beside a file
 *   read, and bound the memory that decoding takes whatever is set outside.
 * - `MALLOC_ARENA_MAX=2` (Linux): glibc otherwise keeps up to eight arenas a core, and image buffers scattered over them are
 *   never given back; sharp's documentation names fragmentation as the reason for growing memory.
 */
export function childEnvironment(
  own: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && inherited.some((pattern) => pattern.test(name))) passed[name] = value
  }
  passed.UV_THREADPOOL_SIZE = '4'
  if (platform === 'linux') passed.MALLOC_ARENA_MAX = '2'
  return passed
}

/**
 * Options of a forked vision process; an Electron utility process takes none. sharp warns of Electron's GLib on Linux whenever it is loaded; the cause is dealt
 * with ([Note: Two GLibs] in `vision/native/sharp.ts`), so the command line's stderr need not hold it.
 */
export const runtimeOptions = ['--disable-warning=SharpElectronLinux'] as const
