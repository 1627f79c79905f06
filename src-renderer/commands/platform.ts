/** Which keys this computer has. Renderer. */
export const isMac = navigator.userAgent.includes('Mac OS')
