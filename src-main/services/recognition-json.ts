/** A recognition in the JSON that existing consumers read (`recognitionJsonSchema`). Pure, any process. */
import type { Candidate, Recognition, RecognitionJson } from '../../src-shared/recognition'

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

/**
 * `recognized_persons` are the matches; `all_detected_matches` is everybody within *possible*, each person once with
 * the nearest of their faces; `best_match` is the nearest match, `null` where nobody was named.
 */
export function recognitionJson(recognition: Recognition, path?: string): RecognitionJson {
  const { faces, thresholds, domains, timings } = recognition
  const offered = new Map<string, Candidate>()
  for (const candidate of faces.flatMap((face) => [...face.candidates, ...face.furtherCandidates])) {
    if (candidate.decision === 'unknown') continue
    const before = offered.get(candidate.personId)
    if (before === undefined || candidate.distance < before.distance)
      offered.set(candidate.personId, candidate)
  }
  const matches = faces.filter((face) => face.decision === 'match')
  const best = matches
    .map((face) => face.candidates.find((candidate) => candidate.personId === face.person?.personId))
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => a.distance - b.distance)[0]

  return {
    status: 'success',
    ...(path === undefined ? {} : { path }),
    recognized_persons: matches.map((face) => ({
      name: face.person?.name ?? '',
      face_coordinates: face.box,
    })),
    all_detected_matches: [...offered.values()]
      .sort((a, b) => a.distance - b.distance)
      .map((candidate) => ({
        person_name: candidate.name,
        metrics: {
          confidence_percentage: rounded(candidate.confidence, 2),
          occurrences: candidate.occurrences,
          min_distance: rounded(candidate.distance, 6),
          weighted_score: rounded(candidate.weightedScore, 2),
        },
      })),
    best_match:
      best === undefined
        ? null
        : {
            person_name: best.name,
            distance: rounded(best.distance, 6),
            confidence: rounded(best.confidence, 2),
          },
    mode: recognition.mode,
    ...(recognition.asOf === undefined ? {} : { as_of: recognition.asOf }),
    elapsed_time: rounded((timings.total + timings.search) / 1000, 4),
    faces: faces.map((face) => ({
      box: face.box,
      landmarks: face.landmarks,
      score: rounded(face.score, 4),
      quality: rounded(face.quality.value, 4),
      decision: face.decision,
      person: face.person?.name ?? null,
      confirmed: face.confirmed,
      manual: face.manual === true,
      candidates: face.candidates
        .filter((candidate) => !candidate.rejected)
        .map((candidate) => ({
          person_id: candidate.personId,
          name: candidate.name,
          domain: candidate.domain,
          distance: rounded(candidate.distance, 6),
          confidence: rounded(candidate.confidence, 2),
          occurrences: candidate.occurrences,
          weighted_score: rounded(candidate.weightedScore, 2),
          decision: candidate.decision,
        })),
    })),
    model: recognition.model,
    threshold: { match: rounded(thresholds.match, 6), possible: rounded(thresholds.possible, 6) },
    domain: domains.length === 1 ? domains[0]! : domains.length === 0 ? 'all' : domains,
    probe_sha256: recognition.sha256,
    width: recognition.width,
    height: recognition.height,
    timings_ms: Object.fromEntries(Object.entries(timings).map(([stage, ms]) => [stage, rounded(ms, 2)])),
  }
}
