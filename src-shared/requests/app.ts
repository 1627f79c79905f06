/** Requests about the program itself: status, settings, running work. The contract. */
import { z } from 'zod'
import { jobIdSchema } from '../ids'
import { settingsPatchSchema, settingsSchema } from '../settings'
import { appInfoSchema, jobSchema, statusSchema } from '../status'
import { nothing, request } from './request'

export const appRequests = {
  'app.info': request(nothing, appInfoSchema),
  'app.status': request(nothing, statusSchema),
  'app.jobs': request(nothing, z.array(jobSchema)),
  'app.cancelJob': request(z.object({ jobId: jobIdSchema }), nothing),
  'app.revealLog': request(nothing, nothing),
  'app.revealDataFolder': request(nothing, nothing),
  'settings.get': request(nothing, settingsSchema),
  'settings.update': request(settingsPatchSchema, settingsSchema),
} as const
